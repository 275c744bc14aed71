"""What the detector of meaning must find, and the posts beside them that it must leave."""

from classifier.detector import Example
from models.vocabulary import Audience, AuthorRole, Category

_CHILDREN, _STAFF = Audience.CHILDREN, AuthorRole.STAFF


def _hit(
    category: Category,
    text: str,
    audience: Audience = _CHILDREN,
    author_role: AuthorRole = AuthorRole.UNKNOWN,
) -> Example:
    return Example(text, category, text, audience, author_role)


def _miss(
    category: Category,
    text: str,
    audience: Audience = _CHILDREN,
    author_role: AuthorRole = AuthorRole.UNKNOWN,
) -> Example:
    return Example(text, category, "", audience, author_role)


def _at(category: Category, text: str, span: str) -> Example:
    return Example(text, category, span, Audience.MIXED, AuthorRole.PARENT)


IDENTIFIERS: tuple[Example, ...] = (
    _at(Category.PII_DOB, "our Tegan was born on 12 March 2015", "12 March 2015"),
    _miss(Category.PII_DOB, "our club was founded on 12 March 2015", author_role=_STAFF),
    _at(Category.PII_ADDRESS, "we live at 14 Larch Row, come round", "14 Larch Row"),
    _miss(Category.PII_ADDRESS, "the hall is on Larch Row, doors at seven", author_role=_STAFF),
    _at(Category.PII_SCHOOL, "she is in year 4 at Elmfold Primary", "Elmfold Primary"),
    _miss(Category.PII_SCHOOL, "we rehearse in the hall of a primary school", author_role=_STAFF),
    _at(Category.PII_FULL_NAME, "well done to Tegan Fairhurst for her solo", "Tegan Fairhurst"),
    _miss(Category.PII_FULL_NAME, "has anyone seen Tegan today", author_role=_STAFF),
)
"""An identifier is pointed at exactly."""

EXAMPLES: tuple[Example, ...] = (
    _hit(
        Category.BULLYING,
        "you are so ugly, nobody wants you on this team",
        author_role=AuthorRole.MEMBER,
    ),
    _miss(
        Category.BULLYING,
        "you were so good tonight, everybody wants you on this team",
        author_role=AuthorRole.MEMBER,
    ),
    _hit(Category.HATE, "Muslims are vermin and should be thrown out", Audience.PUBLIC),
    _miss(
        Category.HATE, "our Muslim neighbours brought the best cakes to the fair", Audience.PUBLIC
    ),
    _hit(
        Category.THREAT, "I know where you live and I am going to break your legs", Audience.PUBLIC
    ),
    _miss(Category.THREAT, "break a leg tonight everyone, curtain up at seven", Audience.PUBLIC),
    _hit(
        Category.SEXUAL_HARASSMENT,
        "show us your boobs love, stop being so frigid",
        Audience.PUBLIC,
    ),
    _miss(Category.SEXUAL_HARASSMENT, "lovely dress, who made it for you?", Audience.PUBLIC),
    _hit(
        Category.SELF_HARM,
        "i want to kill myself, i have been cutting again",
        author_role=AuthorRole.MEMBER,
    ),
    _miss(
        Category.SELF_HARM,
        "this homework is killing me, send biscuits",
        author_role=AuthorRole.MEMBER,
    ),
    _hit(
        Category.DISCLOSURE,
        "my stepdad hits me when mum is at work and i am scared",
        author_role=AuthorRole.MEMBER,
    ),
    _miss(
        Category.DISCLOSURE,
        "my stepdad is coming to watch the show with mum",
        author_role=AuthorRole.MEMBER,
    ),
    _hit(Category.GROOMING, "keep this secret from your mum, it is just between us"),
    _miss(
        Category.GROOMING,
        "the cast list is a surprise until Friday",
        author_role=_STAFF,
    ),
    _hit(Category.CONTACT_MOVE, "add me on snap so we can chat in private"),
    _miss(
        Category.CONTACT_MOVE,
        "please email the office if you would like to change class",
        author_role=_STAFF,
    ),
    _hit(
        Category.INAPPROPRIATE_STAFF_CONTACT,
        "the coach keeps texting my daughter at night and gives her lifts alone",
        author_role=AuthorRole.PARENT,
    ),
    _miss(
        Category.INAPPROPRIATE_STAFF_CONTACT,
        "the coach was brilliant with the whole squad today",
        author_role=AuthorRole.PARENT,
    ),
    _hit(
        Category.RADICALISATION,
        "join us brother, the unbelievers deserve to die and the martyrs are heroes",
        Audience.PUBLIC,
    ),
    _miss(
        Category.RADICALISATION, "join us for the peace vigil, all faiths welcome", Audience.PUBLIC
    ),
    _hit(
        Category.LOCATION_SHARING,
        "Mia is on her own at the bus stop until six",
        author_role=AuthorRole.PARENT,
    ),
    _miss(
        Category.LOCATION_SHARING,
        "juniors meet in the main hall at six",
        author_role=_STAFF,
    ),
    _hit(Category.UNDERAGE, "im 13 and my mum said i can join", Audience.PUBLIC),
    _miss(Category.UNDERAGE, "my daughter is 13 and would like to join", Audience.PUBLIC),
    _hit(Category.PROFANITY, "that was fucking brilliant everyone", Audience.MIXED),
    _miss(Category.PROFANITY, "that was flipping brilliant everyone", Audience.MIXED),
    *IDENTIFIERS,
)
