"""The profile: the documents that say which tables, columns, terms and rules a case has.

Each version has a folder in `profile/`: `profile.json` names the tables in their order, and each table has a
Table Schema with some properties of ours. The same models read the schemas of a case, which has the tables
of the profile and perhaps more columns, terms and tables of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from casetrail.checks.row_rules import RowRule
from casetrail.checks.rule_descriptor import ConditionDescriptor, narrower_terms, rules_of
from casetrail.findings.error import CasetrailError
from casetrail.languages.profile_words import in_language
from casetrail.languages.words import ENGLISH, Language
from casetrail.standard.json_reader import read_document
from casetrail.standard.model import DescriptorLocation, DescriptorModel, read_model
from casetrail.standard.near_miss import did_you_mean
from casetrail.standard.property import (
    anything,
    array_of,
    choice_of,
    listed,
    mapping_of,
    property_of,
    string,
    true_or_false,
    whole_number,
)
from casetrail.standard.schema import Category, FieldDescriptor, TableSchema

if TYPE_CHECKING:
    from casetrail.package.package import Package

PROFILES = Path(__file__).parent / "profile"
"""The folder with a folder for each version."""

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
"""The pattern of what follows the prefix of an id: lower-case ASCII words joined by hyphens."""


SHAPES = (
    *("circle", "square", "diamond", "up", "down", "right", "left", "chevron", "plus", "cross", "star"),
    *("pentagon", "hexagon", "bowtie", "bar", "shield", "envelope", "stairs", "hourglass", "arrow", "drop"),
    *("ring", "door", "flag", "house", "bolt", "moon", "bowl"),
)
"""The shapes of the marks on the page."""

TONES = ("amber", "red", "blue", "violet", "grey")
"""Their tones; what each is on paper and in the dark, the stylesheet of the page says."""


class Translation(DescriptorModel):
    """What a table, column or term of a case is called in another language, and what it means."""

    title: str | None = property_of(string, default=None)
    label: tuple[str, ...] | None = property_of(listed, array_of(string), default=None)
    description: str | None = property_of(string, default=None)
    inverse: str | None = property_of(string, default=None)
    unit: str | None = property_of(string, default=None)


Translations = Mapping[str, Translation]
"""By the code of the language."""
_TRANSLATIONS = mapping_of(Translation.read)


class Term(Category):
    """One term of a vocabulary: its definition, where it is from, and which wider term it `narrows`.

    `inverse` is the label of a tie as it reads from the other end. Its mark on the page has a `shape` and a
    `tone`; a term without them has the mark of the term that it narrows.
    """

    shape: str | None = property_of(choice_of(*SHAPES), default=None)
    tone: str | None = property_of(choice_of(*TONES), default=None)
    origin: str | None = property_of(string, default=None)
    inverse: str | None = property_of(string, default=None)
    narrows: str | None = property_of(string, default=None)
    translations: Translations | None = property_of(_TRANSLATIONS, default=None)


class Band(DescriptorModel):
    """A band of the timeline: its title, and the tone of the marks that are in it."""

    value: str = property_of(choice_of(*TONES))
    title: str = property_of(string)
    translations: Translations | None = property_of(_TRANSLATIONS, default=None)


class FieldSpec(FieldDescriptor):
    """A column of a case.

    `origin` names the standard behind it, `code_list` the list of codes whose members it holds, `free_text`
    prose, `key_of` the tables to one of which its id belongs. A filled cell of an `evidenced` column needs
    evidence of its own. A number `counts` the people of the party in that column. A case may add terms to an
    `extensible` vocabulary. The marks of its terms are in `bands`, in this order.
    """

    unit: str | None = property_of(string, default=None)
    origin: str | None = property_of(string, default=None)
    code_list: str | None = property_of(string, default=None)
    counts: str | None = property_of(string, default=None)
    key_of: tuple[str, ...] = property_of(array_of(string), default=())
    free_text: bool = property_of(true_or_false, default=False)
    evidenced: bool = property_of(true_or_false, default=False)
    extensible: bool = property_of(true_or_false, default=False)
    bands: tuple[Band, ...] = property_of(array_of(Band.read), default=())
    translations: Translations | None = property_of(_TRANSLATIONS, default=None)
    categories: tuple[Term, ...] | None = property_of(array_of(Term.read), default=None)

    @cached_property
    def vocabulary(self) -> Mapping[str, Term]:
        """The terms of the vocabulary by their value, in their order; none where it has no vocabulary."""
        return {str(term.value): term for term in self.categories or ()}

    def within(self, *terms: str) -> frozenset[str]:
        """These terms and all that narrow one of them: what a figure or rule about the terms counts."""
        narrower = narrower_terms(self.categories or ())
        return frozenset(name for term in terms for name in (term, *narrower.get(term, ())))


class DateOrder(DescriptorModel):
    """A pair of dates of which the first is not later, each at the end of a path of references.

    `replaces.date` is the date of the row to which `replaces` refers. `when` says for which rows. With
    `certain_only` a doubt is no warning.
    """

    name: str = property_of(string)
    description: str = property_of(string)
    hint: str | None = property_of(string, default=None)
    earlier: str = property_of(string)
    later: str = property_of(string)
    when: ConditionDescriptor | None = property_of(ConditionDescriptor.read, default=None)
    certain_only: bool = property_of(true_or_false, default=False)


class TableSpec(TableSchema):
    """A table of a case.

    A table with an `id_prefix` has ids of its own, so that evidence, pages and commands can speak of its
    rows. `label` says how a row is called (see `label`), `starts_at` which columns hold the day, the time
    and the time zone at which a row begins. Each row of an `evidenced` table needs evidence. Where rows fit a
    search of the page alike, those of the table of the greater `search_weight` come first.
    """

    name: str = property_of(string)
    id_prefix: str | None = property_of(string, default=None)
    label: tuple[str, ...] = property_of(listed, array_of(string), default=())
    evidenced: bool = property_of(true_or_false, default=False)
    translations: Translations | None = property_of(_TRANSLATIONS, default=None)
    starts_at: tuple[str, ...] | None = property_of(array_of(string, least=3, most=3), default=None)
    search_weight: int = property_of(whole_number, default=0)
    fields: tuple[FieldSpec, ...] = property_of(array_of(FieldSpec.read, divisible=False))
    rules: tuple[Any, ...] | None = property_of(array_of(anything), default=None)
    date_orders: tuple[DateOrder, ...] = property_of(array_of(DateOrder.read), default=())

    @cached_property
    def columns(self) -> Mapping[str, FieldSpec]:
        """The columns by name, in their order; of two of one name the first."""
        columns: dict[str, FieldSpec] = {}
        for field in self.fields:
            columns.setdefault(field.name, field)
        return columns

    @property
    def key(self) -> str:
        """The column of the ids; of a table without a key, which is an error found by itself, the first."""
        return (*self.primary_key, *self.columns, "")[0]

    @cached_property
    def references(self) -> Mapping[str, str]:
        """The columns that hold the id of a row, each with the table of that row."""
        return {
            key.fields[0]: key.reference.resource or self.name
            for key in self.foreign_keys
            if len(key.fields) == 1
        }

    @cached_property
    def pointers(self) -> tuple[str, ...]:
        """The columns that hold the id of a row, of a certain table or of one of several."""
        return tuple(field.name for field in self.fields if self.targets(field.name))

    def targets(self, column: str) -> tuple[str, ...]:
        """The tables to one of which the id in a column belongs; none where it holds no id of a row."""
        table = self.references.get(column)
        return self.columns[column].key_of if table is None else (table,)

    @cached_property
    def row_rules(self) -> tuple[RowRule, ...]:
        """The rules of a row that can be checked."""
        return rules_of(self, DescriptorLocation(f"{self.name}.json"))[0]


class TableEntry(DescriptorModel):
    """A table as `profile.json` lists it."""

    name: str = property_of(string)
    required: bool = property_of(true_or_false, default=False)


class ProfileDescriptor(DescriptorModel):
    """The file `profile.json`."""

    name: str = property_of(string)
    title: str = property_of(string)
    version: str = property_of(string)
    description: str = property_of(string)
    tables: tuple[TableEntry, ...] = property_of(array_of(TableEntry.read))


class Profile:
    """One version of the profile: its tables by name, in their order."""

    def __init__(self, descriptor: ProfileDescriptor, texts: Mapping[str, bytes]) -> None:
        self.version = descriptor.version
        self.title = descriptor.title
        self.description = descriptor.description
        self.required = frozenset(entry.name for entry in descriptor.tables if entry.required)
        self.names = tuple(entry.name for entry in descriptor.tables)
        self.documents = {name: read_document(texts[name]).value for name in self.names}
        """The Table Schema of each table, as JSON has it."""

    def is_word_for_word(self, schema: Mapping[str, Any]) -> bool:
        """Whether a schema, as a model gives it, is that of the table of its name."""
        document = dict(self.documents.get(schema["name"], {}))
        if "missingValues" in document:
            document["missingValues"] = [{"value": text} for text in document["missingValues"]]
        return schema == document

    @cached_property
    def tables(self) -> Mapping[str, TableSpec]:
        """The specification of each table."""
        return {
            name: _read(TableSpec, self.documents[name], f"{self.version}/{name}.json") for name in self.names
        }


def profile_versions() -> tuple[str, ...]:
    """The versions of the profile that this tool knows."""
    return tuple(sorted(path.parent.name for path in PROFILES.glob("*/profile.json")))


def profile(version: str = "1.0") -> Profile:
    """A version of the profile; a `CasetrailError` where this tool does not know it."""
    return _profile(PROFILES, version)


@cache
def _profile(profiles: Path, version: str) -> Profile:
    versions = profile_versions()
    if version not in versions:
        hint = did_you_mean(version, versions) or f"it knows {', '.join(versions)}"
        raise CasetrailError(f"the profile has no version '{version}' that this casetrail knows; {hint}")
    folder = profiles / version
    texts = {path.stem: path.read_bytes() for path in folder.glob("*.json")}
    raw = read_document(texts["profile"]).value
    return Profile(_read(ProfileDescriptor, raw, f"{version}/profile.json"), texts)


def tables_of(package: Package) -> Mapping[str, TableSpec]:
    """The tables of a case that have a schema: those of its profile first, then those that it adds.

    A case that does not follow a known profile has none.
    """
    if package.case_profile not in profile_versions():
        return {}
    known = profile(package.case_profile)
    schemas = {table.name: table.schema for table in package.tables if table.schema is not None}
    names = [
        *(name for name in known.names if name in schemas),
        *(n for n in schemas if n not in known.names),
    ]
    specs: dict[str, TableSpec] = {}
    for name in names:
        raw = {**schemas[name].to_json(), "name": name}
        if known.is_word_for_word(raw):
            specs[name] = known.tables[name]
        else:
            read, _ = read_model(
                TableSpec, raw, DescriptorLocation(f"{name}.json", table=name), kind="profile"
            )
            if read is not None:
                specs[name] = read
    return specs


def spec_in_language(spec: TableSpec, language: Language) -> TableSpec:
    """A table with its titles, definitions and labels in a language."""
    if language is ENGLISH:
        return spec
    raw = in_language(spec.to_json(), language)
    return cast(TableSpec, _read(TableSpec, raw, f"{spec.name}.json"))


def schema_json(name: str, schema: TableSchema) -> dict[str, Any]:
    """The schema of a table as JSON, with the name of its table; keys that were left out stay out."""
    return {name: value for name, value in schema.to_json().items() if value != []} | {"name": name}


def _read(model: type[Any], raw: Any, where: str) -> Any:
    """A document of ours, in which nothing is wrong and nothing is unknown."""
    read, findings = read_model(model, raw, DescriptorLocation(where), kind="profile")
    if read is None or findings:
        raise CasetrailError(f"{where}: {findings[0].message}")
    return read
