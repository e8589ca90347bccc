"""Story: what a case is in a headline and a few sentences, each tied to the rows that it rests on.

It is the property `story` of the descriptor, in the words of those who publish the case. `validate` holds its
numbers, dates and names to the rows (`rules/story_sentences.py`), so that a sentence cannot outlive them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from casetrail.standard.model import DescriptorLocation, DescriptorModel, read_model
from casetrail.standard.property import array_of, converter, filled_string, property_of, string

if TYPE_CHECKING:
    from casetrail.findings.finding import Finding
    from casetrail.package.package import Package


class StorySentence(DescriptorModel):
    """A sentence and the ids of the rows that say so."""

    text: str = property_of(filled_string)
    rows: tuple[str, ...] = property_of(array_of(string, least=1))


def _some(sentences: tuple[StorySentence, ...]) -> tuple[StorySentence, ...]:
    if not sentences:
        raise ValueError("there is no sentence; write one, with the rows that it rests on")
    return sentences


class Story(DescriptorModel):
    """The headline, which rests on the rows of all sentences, and the sentences in their order."""

    headline: str = property_of(filled_string)
    sentences: tuple[StorySentence, ...] = property_of(
        array_of(StorySentence.read, divisible=False), converter(_some)
    )


def read_story(package: Package) -> tuple[Story | None, list[Finding]]:
    """The story of a package, `None` where it has none that can be read, and what is wrong with its form."""
    raw = package.descriptor.story
    if raw is None:
        return None, []
    return read_model(Story, raw, story_location(package), kind="story")


def story_location(package: Package) -> DescriptorLocation:
    """Where the story is in the descriptor."""
    return DescriptorLocation(package.files.descriptor).into("story")
