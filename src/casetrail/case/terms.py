"""The vocabularies of the Case Data Package: each term with its definition and, if it has one, its origin."""

from __future__ import annotations

from casetrail.case.vocabulary import Vocabulary, ordered

ODIHR = "OSCE/ODIHR, Trial Monitoring: A Reference Manual for Practitioners"
HURIDOCS = "HURIDOCS, Events Standard Formats"


class EventKind(Vocabulary):
    """What kind of thing happened or was scheduled."""

    PROTEST = "protest", "People gather in public to make a demand known."
    DETENTION = "detention", "The authorities take or hold people, before any court has decided.", HURIDOCS
    CASE_OPENED = "case_opened", "An investigating body opens a criminal or administrative case."
    COURT_DECISION = "court_decision", "A court decides, with or without a hearing that is known.", ODIHR
    HEARING = "hearing", "A court sits, or is scheduled to sit, on the case.", ODIHR
    INDICTMENT = "indictment", "The prosecution sets down the accusation for the court.", ODIHR
    DIPLOMATIC_NOTE = "diplomatic_note", "One state writes to another about the case."
    EXPERT_REPORT = (
        "expert_report",
        "An expert reports for the case: an exhibit, not evidence from a source.",
        ODIHR,
    )
    SUMMONS = "summons", "The authorities call people in or warn them, without holding them."
    SECURITY_MEASURE = "security_measure", "Forces, barriers or checks are put in place around the case."
    MEDIA_ACCUSATION = "media_accusation", "A news outlet accuses a party to the case."
    PRESS_CONFERENCE = "press_conference", "A party speaks to reporters."
    RELEASE = "release", "People who were held are let go."
    PUBLICATION = "publication", "A recording or document of the case is made public."
    COMPLAINT = "complaint", "A party turns to a court, an authority or a body with a complaint or an appeal."
    OTHER = "other", "None of the other kinds; the summary says what it was."


class EventStatus(Vocabulary):
    """How far an event is known to have come about."""

    ALLEGED = "alleged", "Said to have happened by a party to the case, and by nobody else."
    SCHEDULED = "scheduled", "Announced; no source read says that it took place."
    POSTPONED = "postponed", "Announced, then moved: a later event replaces it."
    HELD = "held", "It took place."


@ordered
class PartOfDay(Vocabulary):
    """The part of the day, where no time is given."""

    MORNING = "morning", "Before noon."
    AFTERNOON = "afternoon", "From noon to the evening."
    EVENING = "evening", "The end of the day, before night."
    NIGHT = "night", "After dark, to before the morning."


@ordered
class Access(Vocabulary):
    """Who could attend an event."""

    OPEN = "open", "Anybody could attend, or was meant to.", ODIHR
    PARTLY_OPEN = "partly_open", "Some of those who came were let in, or a part was open.", ODIHR
    CLOSED = "closed", "The public was shut out.", ODIHR


class PartyKind(Vocabulary):
    """What a party is."""

    PERSON = "person", "One human being."
    GROUP = "group", "Several persons who are not an organization, such as the accused.", HURIDOCS
    ORGANIZATION = "organization", "A body outside the state, registered or not.", HURIDOCS
    PUBLIC_BODY = "public_body", "A court, ministry, police department or other body of a state or of states."


class Disclosure(Vocabulary):
    """Why a party is named, or is not."""

    PUBLIC_ROLE = "public_role", "Acts publicly: an official, an organization, a spokesperson, the leader."
    NAMED_BY_RIGHTS_BODY = "named_by_rights_body", "A rights organization published the name with the case."
    UNNAMED = "unnamed", "No source gives a name, or the party is a group without one."
    WITHHELD = "withheld", "A source gives the name and we leave it out, to protect the person."


@ordered
class ChargeStatus(Vocabulary):
    """How far an accusation has come."""

    REPORTED = "reported", "A source speaks of it; its stage is not known."
    INVESTIGATED = "investigated", "A case has been opened; nobody has been sent to trial.", ODIHR
    INDICTED = "indicted", "The prosecution has set the accusation down for the court.", ODIHR
    ON_TRIAL = "on_trial", "A court is hearing it.", ODIHR
    DECIDED = "decided", "A court or an authority has decided.", ODIHR


class Outcome(Vocabulary):
    """What a decided accusation came to."""

    PENALTY_IMPOSED = "penalty_imposed", "An administrative penalty was laid on the accused."
    CONVICTED = "convicted", "A criminal court found the accused guilty.", ODIHR
    ACQUITTED = "acquitted", "A criminal court found the accused not guilty.", ODIHR
    DISMISSED = "dismissed", "The accusation was dropped or the case was closed without a finding.", ODIHR


class ResponseKind(Vocabulary):
    """What kind of public reaction."""

    STATEMENT = "statement", "One body or person says publicly what it holds of the case."
    JOINT_STATEMENT = "joint_statement", "Several bodies say the same in one text."
    DENIAL = "denial", "A party rejects what is said against it."
    MONITORING = "monitoring", "A body says that it follows the case.", ODIHR
    EXPERT_OPINION = "expert_opinion", "A scholar or lawyer assesses the case, not on behalf of the court."
    INTERVIEW = "interview", "A party or observer answers a reporter about the case."


class Stance(Vocabulary):
    """What a response holds of the prosecution."""

    CRITICAL = "critical", "Against the prosecution, or against how it is conducted."
    NEUTRAL = "neutral", "Takes no side."
    SUPPORTIVE = "supportive", "In favour of the prosecution."


class SignatoriesKnown(Vocabulary):
    """How many of those who made a response are known to us."""

    ALL = "all", "Every signatory has a row."
    SOME = "some", "There are more than those that have a row."
    NONE = "none", "No source read says who they are."


class Role(Vocabulary):
    """What a party did in an event."""

    ORGANIZER = "organizer", "Called or led it."
    PARTICIPANT = "participant", "Took part."
    DETAINED = "detained", "Was taken or held.", HURIDOCS
    RELEASED = "released", "Was let go."
    SUSPECT = "suspect", "Stood under suspicion, before an indictment.", ODIHR
    ACCUSED = "accused", "Stood accused.", ODIHR
    DEFENCE_LAWYER = "defence_lawyer", "Defended the accused as a lawyer.", ODIHR
    PUBLIC_DEFENDER = "public_defender", "Defended the accused without being a lawyer, as the law allows."
    PROSECUTOR = "prosecutor", "Brought the accusation.", ODIHR
    COURT = "court", "Sat, or decided.", ODIHR
    AUTHORITY = "authority", "Acted, ordered or announced as a public body."
    SENDER = "sender", "Sent it."
    ADDRESSEE = "addressee", "It was sent or directed to them."
    TARGET = "target", "It was done to them: summoned, warned, accused, shut out."
    SPEAKER = "speaker", "Spoke there, or announced it."
    EXPERT = "expert", "Wrote it as an expert.", ODIHR
    RELATIVE = "relative", "Was there, or was affected, as family of a party."
    SUBJECT = "subject", "It was about them."


class MeasureKind(Vocabulary):
    """What restraint or penalty."""

    CUSTODY = "custody", "Held on a court's order before or during the trial.", ODIHR
    HOUSE_ARREST = "house_arrest", "Kept at home on a court's order.", ODIHR
    ADMINISTRATIVE_ARREST = "administrative_arrest", "Held as a penalty for an administrative offence."
    FINE = "fine", "Money to be paid as a penalty."
    POLICE_DETENTION = "police_detention", "Taken and held by the police without a court's order.", HURIDOCS
    TRAVEL_BAN = "travel_ban", "Kept from leaving a place or the country."
    FORCE = "force", "Physical force.", HURIDOCS


@ordered
class Precision(Vocabulary):
    """How a number of people is meant."""

    EXACT = "exact", "That many."
    ABOUT = "about", "Roughly that many."
    AT_LEAST = "at_least", "That many or more."
    AT_MOST = "at_most", "That many or fewer."


class RelationKind(Vocabulary):
    """How the party is tied to the related party."""

    MEMBER_OF = "member_of", "Belongs to it."
    SUPPORTER_OF = "supporter_of", "Supports it without being known to belong to it."
    LEADS = "leads", "Leads it, or is said to."
    FOUNDED = "founded", "Founded it."
    PART_OF = "part_of", "Is a part of it: an office of a body, a group within a group."
    DEFENDS = "defends", "Is defence lawyer or public defender of it."
    REPRESENTS = "represents", "Speaks for it publicly, as staff or spokesperson."
    SPOUSE_OF = "spouse_of", "Is husband or wife of it."
    RELATIVE_OF = "relative_of", "Is family of it other than by marriage."
    DISTINCT_FROM = "distinct_from", "Is not the same, though the names are alike."


class Capacity(Vocabulary):
    """In what capacity a party stands behind a response."""

    AUTHOR = "author", "Made it."
    SIGNATORY = "signatory", "Signed it with others."
    SPOKESPERSON = "spokesperson", "Spoke it on behalf of its author."


class DemandKind(Vocabulary):
    """What a response asks for."""

    RELEASE = "release", "That the accused be set free."
    DROP_CHARGES = "drop_charges", "That the accusation be withdrawn."
    DUE_PROCESS = "due_process", "That the trial be fair.", ODIHR
    RESPECT_OBLIGATIONS = "respect_obligations", "That the state keep its international obligations."
    RESPECT_LAWFUL_ACTIVITY = (
        "respect_lawful_activity",
        "That lawful activity of rights defenders be respected.",
    )
    OPEN_HEARING = "open_hearing", "That the hearings be public.", ODIHR
    PROSECUTE = "prosecute", "That the accused be investigated, tried or punished."
    CHANGE_LAW = "change_law", "That a law be repealed or amended."
    END_CROSS_BORDER_PRESSURE = "end_cross_border_pressure", "That a foreign state stop acting on the case."
    OTHER = "other", "Something else; the note says what."


class PlaceKind(Vocabulary):
    """What kind of place; none is finer than a town."""

    COUNTRY = "country", "A state."
    REGION = "region", "The first division of a country."
    DISTRICT = "district", "A division of a region."
    CITY = "city", "A city."
    TOWN = "town", "A town or village."
    BORDER_CROSSING = "border_crossing", "A place where a border may be crossed."


class SourceKind(Vocabulary):
    """What kind of document."""

    NEWS = "news", "A report by a news outlet that made it."
    WIRE = "wire", "A dispatch of a news agency, made to be reprinted."
    REPUBLICATION = (
        "republication",
        "A page that carries somebody else's text: copied, translated or shortened.",
    )
    OFFICIAL_STATEMENT = "official_statement", "A text of a public body."
    RIGHTS_STATEMENT = "rights_statement", "A text of a rights organization."
    COMMENTARY = "commentary", "An assessment by a scholar, lawyer or writer."
    SOCIAL_MEDIA = "social_media", "A post on a social platform."
    CASE_DOCUMENT = "case_document", "A text from the case itself: an indictment, a note, a decision."


class Derivation(Vocabulary):
    """How a source came from the one it derives from."""

    COPY = "copy", "The same text again, whole or in part."
    TRANSLATION = "translation", "The same text in another language."
    DIGEST = "digest", "A shorter retelling."
    RELAY = "relay", "A report that passes on what the other says, with some of its own."


@ordered
class Read(Vocabulary):
    """How much of a source was read by us."""

    NOT_SEEN = "not_seen", "Known only through others."
    PART = "part", "In part, mostly its opening."
    FULL = "full", "From beginning to end."


@ordered
class Certainty(Vocabulary):
    """In whose voice a source says something."""

    INFERRED = "inferred", "Not said; we conclude it, and `reason` says how."
    ALLEGED = "alleged", "The source reports another's claim; `attributed_to` names that party."
    STATED = "stated", "In the source's own voice."


class Rank(Vocabulary):
    """What we hold of one version among several."""

    PREFERRED = "preferred", "The version that stands in the cell."
    ALTERNATIVE = "alternative", "Another version that is not ruled out."
    REJECTED = "rejected", "A version that we hold to be mistaken; `reason` says why."


class DisagreementState(Vocabulary):
    """Where a question stands on which sources differ."""

    OPEN = "open", "Nothing decides it: no version is preferred and the cell is empty."
    SETTLED = "settled", "One version is preferred, with a reason against each of the others."
    COMPATIBLE = "compatible", "The versions speak of different days or mean different things."
