/** Shows the text of a message: line breaks, **bold** and links. Anything else stays as it is written. */

import { h } from './dom';

const PARTS =
  /\*\*(?<bold>[^*\n]+)\*\*|\[(?<label>[^\]\n]+)\]\((?<target>https?:\/\/[^\s)]+)\)|(?<url>https?:\/\/[^\s<>"]+)/g;

export function markup(text: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(PARTS)) {
    const { bold, label, target, url } = match.groups ?? {};
    // A dot or bracket after an address belongs to the sentence.
    const address = url?.replace(/[.,;:!?)\]'*]+$/, '');
    nodes.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    if (bold) nodes.push(h('strong', {}, bold));
    else if (label && target) nodes.push(link(target, label));
    else if (url && address) {
      nodes.push(link(address, address));
      end -= url.length - address.length;
    }
  }
  nodes.push(text.slice(end));
  return nodes.filter((each) => each !== '');
}

function link(target: string, label: string): HTMLAnchorElement {
  return h('a', { href: target, target: '_blank', rel: 'noopener noreferrer nofollow' }, label);
}
