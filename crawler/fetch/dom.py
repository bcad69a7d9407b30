"""What is taken of a page that script made: its DOM as HTML, with what a reader sees and outerHTML leaves out.

Open shadow roots stand in the place of their hosts' children, slots hold what is assigned to them, and frames of the
page's own origin hold their documents' bodies. A page without any of these is its outerHTML, byte for byte. Closed
shadow roots and frames of other origins cannot be looked into. The expressions run in a world of ours, where script of
the page has no say; the copy is made in an inert document, where no element of the page's making comes to life.
"""

from __future__ import annotations

MOST_NODES = 300_000

_HIDDEN = """
  const hidden = [], MOST_FRAMES = 20;
  let frames = 0;
  const look = root => {
    for (const each of root.querySelectorAll('*')) {
      if (each.shadowRoot) { hidden.push(each.shadowRoot); look(each.shadowRoot); }
      if ((each.localName === 'iframe' || each.localName === 'frame') && frames++ < MOST_FRAMES) {
        let inner = null;
        try { inner = each.contentDocument; } catch (_) { }
        if (inner && inner.body && inner.body.firstChild) { hidden.push(inner.body); look(inner); }
      }
    }
  };
"""

STIRS = (
    "(() => {"
    + _HIDDEN
    + """
  try { look(document); } catch (_) { }
  const text = node => node ? node.textContent.length : 0;
  return document.getElementsByTagName('*').length * 1000003 + text(document.body)
    + hidden.reduce((sum, each) => sum + 7 * text(each), 0);
})()
"""
)
"""A number that changes when the page does."""

_TAKEN = (
    "(() => {"
    + _HIDDEN
    + """
  const root = document.documentElement;
  let all = root ? root.outerHTML : '';
  try {
    look(document);
    if (hidden.length) {
      const inert = document.implementation.createHTMLDocument('');
      let nodes = 0;
      const copy = node => {
        if (++nodes > %(nodes)d) throw new Error('too many nodes');
        const made = inert.importNode(node, false);
        let inside = node.childNodes;
        if (node.shadowRoot) inside = node.shadowRoot.childNodes;
        else if (node.localName === 'slot') {
          const given = node.assignedNodes({flatten: true});
          if (given.length) inside = given;
        } else if (hidden.includes(node.contentDocument && node.contentDocument.body)) {
          const box = inert.createElement('div');
          for (const each of node.contentDocument.body.childNodes) box.append(copy(each));
          return box;
        }
        // the text of a template is shown nowhere; its copy is empty, as it is
        for (const each of inside) made.append(copy(each));
        return made;
      };
      all = copy(root).outerHTML;
    }
  } catch (_) { }
  return JSON.stringify([all.length, all.length > %(most)d ? '' : all]);
})()
"""
)


def taken(most: int) -> str:
    """Give the expression whose value is JSON: the length of the page, and the page where it is not larger."""
    return _TAKEN.replace("%(nodes)d", str(MOST_NODES)).replace("%(most)d", str(most))
