"""docs/topics.md: how a topic file is written, and the packaged topics."""

from pathlib import Path

from classifiers.glossary import TopicGlossary, load_topics

CONFIG = Path(__file__).resolve().parents[2] / "config"


def written() -> str:
    """Return what the page holds below its introduction."""
    topics = load_topics([CONFIG / "topics"], vocabulary=CONFIG / "vocabulary.toml")
    return "\n".join([*map(entry, topics)])


def entry(topic: TopicGlossary) -> str:
    return f"**`{topic.name}`: {topic.title}.** {topic.description}\n"
