"""What the tests of ideas share: a page of ideas, an idea that was sent, the form as a browser sends it."""

import re
import uuid

from consultation import ideas, moderation
from consultation.models import Idea

FIELDS = ("moderation", "reason", "shown_text", "language", "theme", "status")


def make_ideas_page(**changes):
    """Publish the page of ideas below the English home page, as an editor would."""
    from home.models import HomePage, IdeasPage

    page = IdeasPage(**{"title": "Your ideas", "slug": "ideas"} | changes)
    HomePage.objects.get(locale__language_code="en").add_child(instance=page)
    page.save_revision().publish()
    return IdeasPage.objects.get(pk=page.pk)


def make_idea(text="More trees", moderated=Idea.Moderation.SHOWN, **changes):
    """An idea, shown unless said otherwise."""
    sent = ideas.Sent(**{"text": text, "theme": None, "language": "en"} | changes)
    idea = ideas.submit(uuid.uuid4(), sent)
    Idea.objects.filter(pk=idea.pk).update(moderation=moderated)
    idea.refresh_from_db()
    return idea


def decide(idea, user, note="", **changes):
    """Decide about an idea as it is now, with these changes."""
    idea = Idea.objects.get(pk=idea.pk)
    stands = {name: getattr(idea, name) for name in FIELDS}
    return moderation.decide(idea.pk, idea.revision, moderation.Decision(**stands | changes, note=note), user)


def token(page):
    """The token in a form."""
    return re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]


def send(client, path="/ideas/en/", **fields):
    """Open the form and send it."""
    return client.post(path, {"token": token(client.get(path)), "idea": "More trees"} | fields)
