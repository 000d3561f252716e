"""`chipwire evaluate`: how good the active model is on texts somebody labelled."""

from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from pipeline.app import open_app
from pipeline.cli.output import as_json, examples, print_json, print_table, write_file

if TYPE_CHECKING:
    from classifiers.metrics import Evaluation, Rate


@click.command(
    epilog=examples(
        "chipwire evaluate labelled.jsonl --lenient",
        "chipwire evaluate labelled.jsonl --plot curves.svg",
    )
)
@click.argument("file", type=click.File("rb"))
@click.option("--lenient", is_flag=True, help="Leave arguable (optional) cells out.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the precision-recall curves as SVG.")  # fmt: skip
@as_json
@click.pass_obj
def evaluate(
    home: str | None, /, file: IO[bytes], lenient: bool, plot: Path | None, as_json: bool
) -> None:
    """Score the model on labelled JSON lines.

    A line of FILE holds id, title, text and labels. A line may also hold optional (arguable
    topics), lang, and hard_negative.
    """
    from pipeline.adapters.evaluation import curves, read_labelled
    from pipeline.adapters.evaluation import evaluate as score

    rows = read_labelled(file, name=file.name)
    with open_app(home) as app:
        scores = score(app.tagger, rows, lenient=lenient)
        result = scores.evaluation
    if plot:
        write_file(plot, curves(scores))
        click.echo(f"wrote {plot}", err=True)
    if as_json:
        print_json(asdict(result))
    else:
        show(result)


def show(result: "Evaluation") -> None:
    print_table(
        ("topic", "precision", "recall", "F1", "AP", "support", "tagged"),
        (
            (
                topic.topic, figure(topic.precision), figure(topic.recall), figure(topic.f1),
                figure(topic.average_precision), topic.support, topic.tagged,
            )
            for topic in result.topics
        ),
        title=f"{result.texts} texts, {'lenient' if result.lenient else 'strict'}",
    )  # fmt: skip
    click.echo(
        f"micro F1 {figure(result.micro_f1)} (precision {figure(result.micro_precision)},"
        f" recall {figure(result.micro_recall)}); macro F1 {figure(result.macro_f1)};"
        f" mean AP {figure(result.mean_average_precision)}"
    )
    click.echo(
        f"off-topic texts tagged: {share(result.off_topic)};"
        f" hard negatives {share(result.off_topic_hard)},"
        f" ordinary ones {share(result.off_topic_ordinary)}"
    )
    click.echo(f"calibration error (p > .05): {figure(result.calibration_error)}")
    if result.languages:
        print_table(
            ("language", "texts", "micro F1", "macro F1", "off-topic tagged"),
            (
                (
                    language, summary.texts, figure(summary.micro_f1), figure(summary.macro_f1),
                    share(summary.off_topic),
                )
                for language, summary in result.languages
            ),
        )  # fmt: skip
    if result.confusions:
        worst = ", ".join(
            f"{pair.predicted} for {pair.labelled} ×{pair.count}" for pair in result.confusions[:5]
        )
        click.echo(f"most confused: {worst}")


def figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def share(rate: "Rate") -> str:
    if rate.share is None:
        return "none there"
    return f"{rate.share:.3f} ({rate.count} of {rate.total})"
