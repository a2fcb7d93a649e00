"""One sentence for each answer, in English and in French: what the score means, or why there is none."""

from __future__ import annotations

from enum import StrEnum

from mottling.assessment import Assessment, ReasonCode
from mottling.scale import Status

__all__ = ["Language", "sentence", "title"]


class Language(StrEnum):
    """Of what is written for people."""

    ENGLISH = "en"
    FRENCH = "fr"


_EXTENT = {
    Language.ENGLISH: (
        "No mottling on the skin in view",
        "Mottling on the centre of the kneecap only, the size of a coin",
        "Mottling of the knee or the lower leg, not above the kneecap",
        "Mottling above the kneecap, not beyond the middle of the thigh",
        "Mottling beyond the middle of the thigh, not beyond the groin",
        "Mottling beyond the fold of the groin",
    ),
    Language.FRENCH: (
        "Pas de marbrures sur la peau visible",
        "Marbrures limitées au centre de la rotule, de la taille d'une pièce de monnaie",
        "Marbrures du genou ou de la jambe, sans dépasser le haut de la rotule",
        "Marbrures au-dessus de la rotule, sans dépasser le milieu de la cuisse",
        "Marbrures au-delà du milieu de la cuisse, sans dépasser le pli de l'aine",
        "Marbrures au-delà du pli de l'aine",
    ),
}

_OPEN_EXTENT = {
    Language.ENGLISH: (
        "",
        "Mottling on the centre of the kneecap",
        "Mottling of the knee or the lower leg",
        "Mottling above the kneecap",
        "Mottling beyond the middle of the thigh",
        "",
    ),
    Language.FRENCH: (
        "",
        "Marbrures au centre de la rotule",
        "Marbrures du genou ou de la jambe",
        "Marbrures au-dessus de la rotule",
        "Marbrures au-delà du milieu de la cuisse",
        "",
    ),
}

_WHY = {
    Language.ENGLISH: {
        ReasonCode.UNREADABLE_FILE: "the file cannot be read",
        ReasonCode.BLURRED: "the photograph is blurred",
        ReasonCode.TOO_DARK: "the photograph is too dark",
        ReasonCode.BLOWN_OUT: "the photograph is burnt out",
        ReasonCode.NO_LEG: "no bare leg was found",
        ReasonCode.NO_KNEE: "no knee is in view",
        ReasonCode.LEG_TOO_SMALL: "the leg is too small in the photograph",
        ReasonCode.UNCLEAR: "the picture is unclear",
        ReasonCode.VIEW_ENDS: "the view ends there, it may reach further",
        ReasonCode.DOUBTFUL_EXTENT: "its extent is doubtful",
        ReasonCode.FAINT: "it is faint",
        ReasonCode.EDGE_OF_ZONE: "it only just reaches that far",
        ReasonCode.WEAK_LIGHT: "the skin is dark in this light",
        ReasonCode.GLARE: "light gleams on the skin",
    },
    Language.FRENCH: {
        ReasonCode.UNREADABLE_FILE: "le fichier est illisible",
        ReasonCode.BLURRED: "la photographie est floue",
        ReasonCode.TOO_DARK: "la photographie est trop sombre",
        ReasonCode.BLOWN_OUT: "la photographie est surexposée",
        ReasonCode.NO_LEG: "aucune jambe nue n'a été trouvée",
        ReasonCode.NO_KNEE: "aucun genou n'est visible",
        ReasonCode.LEG_TOO_SMALL: "la jambe est trop petite sur la photographie",
        ReasonCode.UNCLEAR: "l'image n'est pas assez nette pour en juger",
        ReasonCode.VIEW_ENDS: "la vue s'arrête là, elles peuvent s'étendre plus loin",
        ReasonCode.DOUBTFUL_EXTENT: "leur étendue est douteuse",
        ReasonCode.FAINT: "elles sont à peine visibles",
        ReasonCode.EDGE_OF_ZONE: "elles arrivent tout juste jusque-là",
        ReasonCode.WEAK_LIGHT: "la peau est sombre sous cette lumière",
        ReasonCode.GLARE: "la lumière se reflète sur la peau",
    },
}

_TITLES = {
    Language.ENGLISH: ("Score {}", "Score ≥ {}", "Cannot be assessed"),
    Language.FRENCH: ("Score {}", "Score ≥ {}", "Non évaluable"),
}

_OTHER_KNEE = {
    Language.ENGLISH: "one knee is not in view",
    Language.FRENCH: "un des genoux n'est pas visible",
}

_COLON = {Language.ENGLISH: ": ", Language.FRENCH: "\u00a0: "}
"""French puts a space before it, at which no line may break."""

_FAINT_ZERO = {
    Language.ENGLISH: "though a faint trace cannot be excluded",
    Language.FRENCH: "sans pouvoir exclure une trace très légère",
}


def title(assessment: Assessment, language: Language) -> str:
    """Give the answer in two or three words."""
    scored, at_least, none = _TITLES[language]
    if assessment.score is None:
        return none
    return (at_least if assessment.status is Status.AT_LEAST else scored).format(assessment.score)


def sentence(assessment: Assessment, language: Language) -> str:
    """Say in one sentence what the score means and what is doubtful, or why there is none."""
    codes = [reason.code for reason in assessment.reasons]
    if assessment.score is None:
        whys = list(dict.fromkeys(_WHY[language][code] for code in codes))
        return _ended(_capital(", ".join(whys)) or title(assessment, language))
    extents = (_OPEN_EXTENT if assessment.status is Status.AT_LEAST else _EXTENT)[language]
    whys = [_doubt(code, assessment.score, language) for code in dict.fromkeys(codes)]
    extent = extents[assessment.score]
    return _ended(f"{extent}{_COLON[language]}{', '.join(whys)}" if whys else extent)


def _doubt(code: ReasonCode, score: int, language: Language) -> str:
    if code is ReasonCode.NO_KNEE:
        return _OTHER_KNEE[language]
    if code is ReasonCode.FAINT and score == 0:
        return _FAINT_ZERO[language]
    return _WHY[language][code]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(text: str) -> str:
    return f"{text}."
