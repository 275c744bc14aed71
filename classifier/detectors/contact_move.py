"""Moving a child to private contact (C41): private messages, another app, a private number.

Left: official channels, parents' chats, contact between adults or through a parent, safety advice.
"""

from typing import ClassVar

from classifier.detector import Example, Text
from classifier.detectors.cues import FICTION, Cue, CueDetector
from classifier.detectors.telling import EXPLAINS_A_RULE, TO_A_CHILD
from models.vocabulary import Audience, AuthorRole, Category

_APP = (
    r"(?:snap(?:chat)?|sc|insta(?:gram)?|ig|whats ?app|watsapp|wapp|telegram|tele|discord|"
    r"disc|kik|signal|messenger|tik ?tok|fb|facebook|skype|facetime|ft|wickr|viber|"
    r"session|roblox|xbox|ps5|bereal)"
)
_CHANNEL = (
    r"\b(?:(?:club|school|studio|company|group|team|office|society|official|our)'?s? "
    r"(?:page|account|insta(?:gram)?|facebook|e-?mail|inbox|whats ?app|website|number|"
    r"phone|chat|channel)|the (?:page|office|website|parents?'? (?:group|chat)|form|box "
    r"office|admins?)|parents?'? (?:group|chat|whats ?app)|admin team|message the (?:page|"
    r"club|office|team)|dm the (?:page|club)|for (?:prices|sizes|tickets|details of|a "
    r"quote)|for sale|selling|collection only|via (?:your|their|a) (?:parents?|mum|dad|"
    r"grown[- ]up)|through (?:your|their|a) (?:parents?|mum|carer)|your (?:mum|dad|"
    r"parents?) (?:can|to|should|could) (?:message|email|call|dm|contact|ring))\b"
)


class ContactMoveDetector(CueDetector):
    """See the module. Between adults it is nobody's concern: adult-only places are left."""

    name = "contact_move_cues"
    version = "1"
    categories = frozenset({Category.CONTACT_MOVE})
    category = Category.CONTACT_MOVE
    rules = 6
    EXAMPLES: ClassVar[tuple[Example, ...]] = (
        Example(
            "add me on snap its ella_x",
            Category.CONTACT_MOVE,
            "add me on snap its ella_x",
            Audience.CHILDREN,
        ),
        Example("DM me hun", Category.CONTACT_MOVE, "DM me hun", Audience.CHILDREN),
        Example(
            "whats your number? text me later",
            Category.CONTACT_MOVE,
            "text me later",
            Audience.CHILDREN,
        ),
        Example(
            "Message the club page if you have questions",
            Category.CONTACT_MOVE,
            "",
            Audience.CHILDREN,
        ),
        Example("DM me about the lift share", Category.CONTACT_MOVE, "", Audience.ADULT_ONLY),
        Example("Never give your snap to a stranger", Category.CONTACT_MOVE, "", Audience.CHILDREN),
    )
    GATE = (
        r"\b(?:dm|pm|inbox|message|msg|text|txt|ring|call|add|follow|number|snap|private|"
        rf"{_APP}|chat|talk|username|handle|bio)"
    )
    VETO = FICTION + "|" + _CHANNEL + "|" + EXPLAINS_A_RULE
    CUES = (
        Cue(
            (
                r"\b(?:dm|pm|inbox|private message|direct message|slide into my) (?:me|us|my)\b|"
                r"\b(?:dm|pm)'?(?:ing|'?d)? (?:you|u|ya)\b|\bi(?:'ll|ll| will|'ve| have)? (?:just "
                r")?(?:dm|pm|dmed|pmed|dm'd|pm'd|inbox(?:ed)?)(?: you| u)?\b|\b(?:check|look "
                r"at|see|"
                r"open|answer|reply in) (?:your|ur|my) (?:dms?|pms?|inbox|requests?|messages|"
                r"private "
                r"messages)\b|\bmy (?:dms?|pms?|inbox) (?:is|are|r) (?:always )?open\b|"
                r"\b(?:in|into|"
                r"to) (?:the |my |our |your )?(?:dms?|pms?|private (?:chat|messages?))\b|\bchat "
                r"privately\b|\b(?:talk|chat|speak|message) (?:to me |with me |to you )?(?:in "
                r"private|"
                r"privately|one to one|1 ?(?:to|2|-) ?1|somewhere (?:private|else)|off here|"
                r"away from "
                r"(?:here|this|the group))\b"
            ),
            0.8,
            "Somebody asks or offers to go on in private messages.",
        ),
        Cue(
            (
                r"\b(?:add|find|follow|message|msg|text|txt|hit|get|ping|contact|hmu|write to|try|"
                r"catch|reach|call|video call|ring) (?:me )?(?:up )?(?:back )?(?:on|over on|thru|"
                rf"through|via) (?:my )?(?:own |personal |private |other |real )?{_APP}\b|"
                r"\b(?:my|ur|"
                rf"your|her|his) {_APP}(?: (?:is|name|user(?:name)?|handle|account|code|id))\b|"
                r"\b(?:what'?s|whats|what is|send|drop|gimme|give me|share|got|have|got a|do "
                r"you have|"
                r"u got|u on|you on|are you on|r u on|move to|go on|come on|switch to|lets go to|"
                r"let'?s (?:go on|chat on|talk on|move to)|carry on on|talk on|chat on|speak on|"
                r"continue on|better on) (?:me |to |it |this |over )*(?:your |ur |a |my "
                rf")?{_APP}\b|"
                rf"\b{_APP} (?:me|is|instead|name\?|user\?)(?= |$|[:?!.])|\bmy (?:sc|ig|insta|snap|"
                r"disc)\b"
            ),
            0.8,
            "Somebody asks or offers to go on in another app.",
            r"\bbox office|follow us\b",
        ),
        Cue(
            (
                r"\b(?:text|txt|ring|call|phone|facetime|message|msg|whatsapp) me(?! (?:if|when) "
                r"(?:the|your|rehearsal))\b|\b(?:what'?s|whats|what is|send me|give me|gimme|can i "
                r"(?:have|get)|could i have|drop|share) (?:me )?(?:your|ur|ya|yr) (?:number|"
                r"no|digits|"
                r"mobile|phone|num)\b|\b(?:here'?s|heres|this is|save|take|have) (?:my (?:number|"
                r"mobile|no|personal number|private number))\b|\bmy (?:personal |private |own "
                r")?(?:number|mobile|num|digits) (?:is|are|'s)\b|\bmy number'?s\b|\bi'?ll (?:text|"
                r"ring|call|message) (?:you|u) (?:later|tonight|privately|after|myself|on)\b"
            ),
            0.6,
            "Somebody asks for or offers a private number.",
        ),
        Cue(
            (
                r"\b(?:don'?t|dont|not|rather not|can'?t) (?:talk|chat|say|write|post|reply|"
                r"message|"
                r"answer) (?:it |this |that |about it )*(?:on )?(?:here|in here|in front of|on "
                r"this)\b|\b(?:off|away from|outside|leave) (?:this|the) (?:group|app|chat|page|"
                r"site)\b(?=[^.!?]{0,40}\b(?:talk|chat|message|me|us|just)\b)|\b(?:talk|chat|"
                r"message|"
                r"speak)[^.!?]{0,40}\b(?:off|away from|outside|out of) (?:this|the) (?:group|"
                r"app|chat|"
                r"page|site|comments)\b|\bjust (?:me and you|us two|the two of us|you and "
                r"me)\b(?=[^.!?]{0,30}(?:chat|group|talk|call))"
            ),
            0.6,
            "Somebody wants to leave the group for private contact.",
        ),
    )

    def weigh(self, post: Text, cue: Cue, around: str) -> float:
        """In a place of children any such offer counts; elsewhere it must be said to a child."""
        if post.audience == Audience.CHILDREN:
            return cue.score
        if post.audience == Audience.ADULT_ONLY or post.author_role == AuthorRole.PARENT:
            return cue.score * 0.3
        return cue.score if TO_A_CHILD.search(around) else cue.score * 0.55
