// Whether a document holds only what the widget itself draws: its elements, its attributes, its kinds of addresses.

/** Runs in the page: a line for everything that should not be there. `more`: further elements that the page draws. */
export function strangers(more = '') {
  const known = new Set(
    (
      'html head meta title link script body main header footer section article nav aside div span p br hr a button img ' +
      'ul ol li strong em b i code pre h1 h2 h3 h4 form fieldset legend label input textarea select option optgroup time ' +
      'dialog progress meter output details summary dl dt dd figure figcaption small bdi svg path circle rect line polyline g ' +
      `polygon ellipse defs use title blockquote ${more}`
    ).split(' '),
  );
  const HEAD = new Set(['head', 'meta', 'title', 'link', 'script']);
  const found = [];
  const own = location.origin;
  const isSafe = (value, schemes) => {
    try {
      const url = new URL(value, location.href);
      return schemes.includes(url.protocol) || url.origin === own;
    } catch {
      return false;
    }
  };
  const isOurs = (url) => url.startsWith('https://') || url.startsWith(`${own}/`);
  for (const element of document.querySelectorAll('*')) {
    const name = element.localName;
    const told = () => element.cloneNode(false).outerHTML.slice(0, 200);
    if (!known.has(name) || (HEAD.has(name) && !document.head.contains(element))) found.push(`element ${told()}`);
    for (const { name: attribute, value } of element.attributes) {
      const bad =
        attribute.startsWith('on') ||
        ['srcdoc', 'formaction', 'action', 'ping', 'background', 'xlink:href', 'http-equiv', 'nonce'].includes(attribute) ||
        (attribute === 'href' && name === 'a' && !isSafe(value, ['https:', 'http:', 'mailto:', 'tel:', 'blob:'])) ||
        (attribute === 'href' && name === 'use' && !value.startsWith('#')) ||
        (attribute === 'src' && !isSafe(value, ['https:', 'blob:']) && !/^data:image\/(png|gif|jpeg|webp)/.test(value)) ||
        (attribute === 'style' && [...value.matchAll(/url\(["']?/gi)].some(({ index, 0: word }) => !isOurs(value.slice(index + word.length)))) ||
        (attribute === 'id' && ['passerelle', 'document', 'body', 'location', 'defaultView', 'fetch'].includes(value));
      if (bad) found.push(`attribute ${attribute} of ${told()}`);
    }
    if (name === 'a' && element.hasAttribute('href') && !element.href.startsWith('blob:') && !element.hasAttribute('download')) {
      const rel = element.rel.split(' ');
      if (element.target === '_blank' && !rel.includes('noopener')) found.push(`a link without noopener ${told()}`);
      // Where a link leads may not be told backwards; links within the house lead nowhere else.
      const leaves = element.origin !== own;
      if (leaves && /[\u202a-\u202e\u2066-\u2069]/.test(element.textContent)) found.push(`a link with turned text ${told()}`);
    }
  }
  return found;
}
