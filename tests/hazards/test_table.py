"""Faults of machine, model, configuration and delivery (76 to 115): a test each, or why not."""

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
KILLS = "hazards/test_kills.py::test_a_killed_pass_costs_nothing_but_its_time"
DIGEST_KILLS = "stories/test_digest_kill.py::test_killed_at_twenty_points_then_run_again"
FILES = "classifiers/test_files.py::"
TABLE = {
    **dict.fromkeys(range(76, 83), KILLS),  # fetch, extraction, commit, acknowledgement, tagging
    83: DIGEST_KILLS,
    84: DIGEST_KILLS,
    85: KILLS,
    86: "hazards/test_faults.py::test_a_disk_that_fills_up_keeps_what_was_acknowledged",
    87: "hazards/test_faults.py::test_a_folder_one_may_only_read_is_a_sentence",
    88: "hazards/test_faults.py::test_a_folder_that_is_gone_is_a_sentence",
    89: "daemon/test_daemon.py::test_a_database_another_program_holds_is_tried_again",
    90: "cli/test_keeping.py::test_backup_damage_restore_as_a_person_would",
    91: "adapters/test_store.py::test_a_file_we_cannot_use_is_refused_in_words",
    92: "adapters/test_store_backup.py::"
    "test_restore_takes_the_newest_good_one_and_keeps_the_damaged_file",
    93: "adapters/test_workers.py::test_a_worker_killed_from_outside_costs_at_most_its_page",
    94: "steps/extraction/test_hostile.py::test_a_hostile_page_ends_with_a_reason",
    95: "jobs/test_digest.py::test_one_digest_per_local_day_over_both_changes_of_the_clock",
    96: "jobs/test_due.py::test_eight_hours_asleep_are_one_poll",
    97: "daemon/test_daemon.py::"
    "test_one_daemon_a_home_and_whoever_comes_second_is_told_who_is_there",
    98: "daemon/test_daemon.py::"
    "test_one_daemon_a_home_and_whoever_comes_second_is_told_who_is_there",
    99: "daemon/test_daemon.py::test_a_stop_in_the_middle_of_a_pass_leaves_the_rest_due",
    101: "jobs/test_train.py::test_a_damaged_model_is_not_trusted_and_the_cold_start_tags",
    102: FILES + "test_any_flipped_bit_is_noticed",
    103: FILES + "test_an_unusable_model_file_is_refused_with_a_reason",
    104: FILES + "test_an_unusable_model_file_is_refused_with_a_reason",
    105: FILES + "test_a_model_of_other_labels_or_libraries_is_refused",
    108: "adapters/test_store.py::test_a_file_we_cannot_use_is_refused_in_words",
    109: "daemon/test_daemon.py::test_a_better_configuration_is_taken_over_and_a_worse_one_is_not",
    110: "adapters/channels/test_mail.py::test_a_wrong_password_is_kept_and_named_but_never_shown",
    111: "jobs/test_outbox.py::test_a_kill_round_the_hand_over_makes_one_message_id",
    112: "jobs/test_outbox.py::test_a_server_down_for_three_days_costs_no_digest_and_no_order",
    113: "adapters/channels/test_mail.py::test_a_refusal_is_for_good_or_for_now",
    114: "jobs/test_outbox.py::test_a_refused_recipient_is_reported_and_not_tried_again",
    115: "jobs/test_outbox.py::test_a_recipient_put_off_is_tried_later_with_the_same_message_id",
}
WHY_NOT = {
    100: "not tried yet with a full pipe; daemon logs drop what cannot be written (logs.Quietly)",
    106: "the files are written beside and renamed, the row comes last; no kill of it yet",
    107: "there is one schema so far: the first migration brings its fixture and its kill",
}


def test_every_line_is_answered_once() -> None:
    assert set(TABLE) | set(WHY_NOT) == set(range(76, 116))
    assert not set(TABLE) & set(WHY_NOT)


@pytest.mark.parametrize("test", sorted(set(TABLE.values())))
def test_the_test_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert f"def {name}(" in (TESTS / path).read_text(encoding="utf-8")
