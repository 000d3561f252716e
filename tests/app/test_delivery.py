"""A home's own template is a small program: what runs wild is ended, and the digest still goes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.app.delivery import newsroom
from pipeline.app.parts import App
from pipeline.errors import ConfigError
from pipeline.jobs import digest as job
from pipeline.jobs.messages import content_of
from pipeline.settings import Home, load
from pipeline.steps.digest.forms import Order, Style, made
from tests.fakes import TurnedClock
from tests.issues import digest, story
from tests.newsdesk import NOW, Newsdesk

SETTINGS = "[work]\ntimeout_s = 2\nmemory_mib = 100\n"
DOUBLING = (
    "{% set all = namespace(x='x' * 1000) %}"
    "{% for i in range(40) %}{% set all.x = all.x ~ all.x %}{% endfor %}{{ all.x }}"
)
ENDLESS = "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    home = Home(tmp_path)
    home.settings.write_text(SETTINGS)
    (tmp_path / "templates").mkdir()
    with App(home, load(home.settings, {}), clock=TurnedClock(NOW)) as app:
        yield app


def own_template(app: App, text: str) -> None:
    (app.home.path / "templates" / "page.html").write_text(text)


def test_the_packaged_templates_need_no_worker(app: App) -> None:
    assert newsroom(app).make is made


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(DOUBLING, id="words doubled forty times"),
        pytest.param(ENDLESS, id="a hundred million turns"),
        pytest.param("{{ '%999999999d' % 1 }}", id="a number a gigabyte wide"),
    ],
)
def test_a_template_that_runs_wild_is_ended_and_said(app: App, text: str) -> None:
    own_template(app, text)
    room = newsroom(app)
    order = Order(digest(story()), Style(room.templates))
    with pytest.raises(ConfigError, match=r"template .*cannot be used"):
        content_of(order, room)


def test_a_sound_template_of_the_home_is_used(app: App) -> None:
    own_template(app, "<p>{{ digest.subject }}</p>")
    room = newsroom(app)
    order = Order(digest(story(title="News")), Style(room.templates))
    assert content_of(order, room) == b"<p>News</p>"


def test_a_digest_with_a_wild_template_goes_out_in_the_packaged_one(app: App) -> None:
    own_template(app, DOUBLING)
    Newsdesk(app.store).article("News", when=NOW - timedelta(hours=1))
    policies = app.digest_policies
    report = job.run(app.store, policies, {}, now=NOW, newsroom=newsroom(app))
    assert [one.subject for one in report.composed] == ["News"]
    stored = app.store.value("SELECT message FROM deliveries")
    assert b"<!DOCTYPE html>" in stored
