"""One story of a digest: its headline, lead, voices, what is new, and how much it weighs."""

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import log2
from urllib.parse import urlsplit

from pipeline.models.digests import Candidate, Development, DigestStory, Member, Voice
from pipeline.steps.digest.edits import news_in_another_language, news_of_edit
from pipeline.steps.digest.harmless import link, one_line
from pipeline.steps.digest.lead import lead, news
from pipeline.steps.urls import untracked

TITLE = 200  # characters of a headline; longer ones come from broken or hostile feeds
NAME = 60
COMPANIES = 6
OWN_LANGUAGE = ("en",)  # the digest's own, for readers who said nothing of theirs
SURE = 0.8  # from here on, surer is not more to the point
LATER = timedelta(hours=18)  # what comes within a day tells the same news
REPEATED = 60  # characters of a statement that no other article would have by chance
LEFT_OUT = re.compile(r"…|\[[^\]]*\]")  # what a quotation leaves out or puts in


def describe(
    candidate: Candidate, *, now: datetime, languages: Sequence[str] = ()
) -> DigestStory | None:
    """Return the entry of a story, or None where it holds nothing the reader was not told.

    A story told before comes again only when an article owed to the reader says something
    new, or one that was told now says something else: a further outlet's copy of the same
    text is no news, nor is a comma. `languages` are the reader's,
    the best first; without any it is the digest's own, English.
    """
    owed = [member for member in candidate.members if member.owed]
    passing = passing_of(candidate)
    if not passing:
        return None
    updated = candidate.told_at is not None
    fresh = ""
    speaker = head(passing, languages or OWN_LANGUAGE)
    if updated:
        speaker, fresh = latest_news(candidate, passing)
        if not fresh:
            return None
    title = one_line(speaker.title, TITLE) or one_line(lead(speaker.text, ""), 90) or "(untitled)"
    topics = topics_of(candidate, speaker)
    return DigestStory(
        key=f"story-{candidate.id}" if candidate.id else f"article-{speaker.article_id}",
        story_id=candidate.id,
        article_id=speaker.article_id,
        article_ids=tuple(member.article_id for member in owed),
        kind="updated" if updated else "new",
        title=title,
        url=link(untracked(speaker.url)),
        lead=lead(speaker.text, title),
        news=fresh,
        topic=topics[0][0],
        topics=tuple(name for name, _ in topics),
        probability=topics[0][1],
        voices=voices(owed),
        companies=companies(candidate),
        language=speaker.language,
        when=speaker.when,
        told_at=candidate.told_at,
        statement=None if repeats_baseline(candidate) else candidate.statement,
        score=score(candidate, now=now, languages=languages),
        latest=None if updated else development(candidate, speaker),
    )


def repeats_baseline(candidate: Candidate) -> bool:
    """Say whether an article holds the statement word for word: it is no news against itself."""
    if candidate.statement is None:
        return False
    pieces = LEFT_OUT.split(candidate.statement.text)
    said = plain(max(pieces, key=len))[:REPEATED]
    return any(said in plain(f"{one.title}\n{one.text}") for one in candidate.members)


def plain(text: str) -> str:
    return " ".join(text.split())


def head(passing: list[Member], languages: Sequence[str]) -> Member:
    """Return the article that speaks for its story.

    One with a text, in a language the reader knows, whose headline says who it is about,
    surely on the topic, on a page of its own, and of these the earliest: what comes later
    explains.
    """
    places = {language: -place for place, language in enumerate(languages)}
    return max(
        passing,
        key=lambda member: (
            bool(member.text),
            places.get(member.language, -len(places)),
            names_its_subject(member),
            min(member.topics[0][1], SURE),
            not member.is_part,
            -at(member),
            -len(member.url),  # its mobile or AMP twin has a longer one
        ),
    )


def names_its_subject(member: Member) -> bool:
    """Say whether the headline names a company the article is about, in its usual spelling."""
    title = member.title.casefold()
    return any(name.casefold() in title for name in member.companies)


def at(member: Member) -> float:
    return member.when.timestamp()


def latest_news(candidate: Candidate, passing: list[Member]) -> tuple[Member, str]:
    """Return the newest article that says something new, and its sentence."""
    told = [
        f"{member.title}\n{member.told_text or member.text}"
        for member in candidate.members
        if member.told_text or not member.owed
    ]
    spoken = {one.language for one in candidate.members if one.told_text or not one.owed}
    for member in sorted(passing, key=at, reverse=True):
        if member.told_text:
            sentence = news_of_edit(member.told_text, member.text, told)
        elif member.language and spoken and member.language not in spoken:
            sentence = news_in_another_language(member.text, told)
        else:  # a headline alone is all there is behind a paywall
            sentence = news(member.text or one_line(member.title, TITLE), "", told)
        if sentence:
            return member, sentence
    return passing[-1], ""


def development(candidate: Candidate, speaker: Member) -> Development | None:
    """Return what the story's last article adds, if it came long after the one that speaks.

    A story that runs over several days would else be told by its beginning alone: all of it
    counts as told.
    """
    for member in sorted(passing_of(candidate), key=at, reverse=True):
        if member.when - speaker.when < LATER:
            return None
        earlier = [one for one in candidate.members if at(one) < at(member)]
        told = [f"{one.title}\n{one.text}" for one in earlier]
        if member.language == speaker.language:
            sentence = news(member.text or one_line(member.title, TITLE), "", told)
            if sentence:
                return Development(sentence, link(untracked(member.url)), member.when)
    return None


def topics_of(candidate: Candidate, speaker: Member) -> list[tuple[str, float]]:
    """Return the story's topics, the one that carries it first, with their probability.

    Those of the article that speaks come first, for "wrong topic?" asks about it; then what
    more articles are surer of: one that is as good as certain must not outvote three. The
    probability is that of the surest article.
    """
    best: dict[str, float] = {}
    votes: dict[str, float] = defaultdict(float)
    for member in candidate.members:
        for name, probability in member.topics if member.owed else ():
            best[name] = max(best.get(name, 0.0), probability)
            votes[name] += probability
    own = {name for name, _ in speaker.topics}
    names = sorted(best, key=lambda name: (name not in own, -votes[name], name))
    return [(name, best[name]) for name in names]


def voices(owed: list[Member]) -> tuple[Voice, ...]:
    """Return each outlet once, in the order they came, with its first article on the story that
    has a page of its own."""
    found: dict[str, Voice] = {}
    whole: set[str] = set()
    for member in sorted(owed, key=lambda one: (at(one), len(one.url))):
        outlet = one_line(member.outlet, NAME) or urlsplit(member.url).hostname or "(unnamed)"
        name = outlet.casefold()
        if name not in found or (name not in whole and not member.is_part):
            found[name] = Voice(outlet, link(untracked(member.url)))
        if not member.is_part:
            whole.add(name)
    return tuple(found.values())


def companies(candidate: Candidate) -> tuple[str, ...]:
    names = dict.fromkeys(name for member in candidate.members for name in member.companies)
    return tuple(one_line(name, NAME) for name in names)[:COMPANIES]


def passing_of(candidate: Candidate) -> list[Member]:
    """Return the owed articles that pass the cut."""
    return [member for member in candidate.members if member.owed and member.topics]


def score(candidate: Candidate, *, now: datetime, languages: Sequence[str] = ()) -> float:
    """Return how much a story weighs.

    Being sure counts up to 1; each doubling of independent owners 0.5 (four owners are as
    much as one certain topic); bearing on a statement of the baseline up to 1; a day of age
    costs 0.25, so that what found no room yesterday gives way to today. A story that no
    article tells in a language of the reader costs 0.5: she may not be able to read it.
    """
    passing = passing_of(candidate)
    if not passing:
        return 0.0
    sure = max(member.topics[0][1] for member in passing)
    newest = max(member.when for member in passing)
    days = max(0.0, (now - newest).total_seconds() / 86_400)
    known = {"", *(languages or OWN_LANGUAGE)}
    foreign = known.isdisjoint(member.language for member in passing)
    voices = 0.5 * log2(max(1, candidate.owners))
    return round(sure + voices + candidate.strength - 0.25 * min(days, 14.0) - 0.5 * foreign, 4)
