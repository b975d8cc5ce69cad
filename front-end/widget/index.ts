/**
 * The chat widget: one script, which shows a button on the page of a business. Nothing else is requested until the
 * visitor opens the chat. docs/channels/widget.md describes the attributes of the script and `window.icmpWidget`.
 */

import { Api } from './api';
import { Chat } from './chat';
import { CHAT_ICON, h, icon } from './dom';
import { Panel } from './panel';
import { Storage } from './storage';
import { applyColor, sheet } from './styles';
import { directionOf, textsOf } from './texts';

interface PublicApi {
  open: () => void;
  close: () => void;
  /** Signs the visitor in with a token that the business's server has signed; null signs out. */
  identify: (identity: string | null) => void;
}

declare global {
  interface Window {
    icmpWidget?: PublicApi;
  }
}

function start(script: HTMLScriptElement): void {
  const { channel, color, position, language: chosen, identity } = script.dataset;
  if (!channel) {
    // eslint-disable-next-line no-console -- for the developer of the page
    console.error('ICMP widget: the script needs the attribute data-channel.');
    return;
  }
  const wanted = chosen || document.documentElement.lang || navigator.language || 'en';
  let language = wanted;
  const storage = new Storage(channel);
  const host = h('div', { 'data-position': position === 'left' ? 'left' : 'right' });
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet()];
  applyColor(host, color ?? null);

  const chat: Chat = new Chat(
    new Api(new URL(script.src).origin, channel),
    storage,
    wanted,
    identity || null,
    () => render(),
    (entry) => panel?.announce(entry),
  );
  const badge = h('span', { class: 'unread', 'aria-hidden': 'true' });
  const launcher = h(
    'button',
    { type: 'button', class: 'launcher', 'aria-expanded': 'false', click: () => (isOpen ? close() : open()) },
    icon(CHAT_ICON),
    badge,
  );
  let panel: Panel | null = null;
  let isOpen = false;

  function open(hasFocus = true): void {
    panel ??= newPanel();
    isOpen = true;
    rememberOpen(true);
    chat.setOpen(true);
    void chat.start();
    panel.scrollToEnd();
    if (hasFocus) panel.focus();
  }

  function newPanel(): Panel {
    const made = new Panel(chat, textsOf(language), language, directionOf(language), close);
    root.prepend(made.element);
    launcher.setAttribute('aria-controls', 'panel');
    return made;
  }

  /** The business may not offer the language that was asked for. */
  function changeLanguage(next: string): void {
    language = next;
    if (!panel) return;
    const previous = panel;
    const hadFocus = previous.element.contains(root.activeElement);
    panel = newPanel();
    panel.unsentText = previous.unsentText;
    previous.element.remove();
    if (hadFocus) panel.focus();
  }

  function close(): void {
    const hadFocus = root.activeElement !== null;
    isOpen = false;
    rememberOpen(false);
    chat.setOpen(false);
    if (hadFocus) launcher.focus();
  }

  function render(): void {
    if (chat.appearance && chat.appearance.language !== language) changeLanguage(chat.appearance.language);
    const texts = textsOf(language);
    if (panel) panel.element.hidden = !isOpen;
    if (isOpen) panel?.render();
    applyColor(host, color ?? chat.appearance?.color ?? null);
    launcher.setAttribute('aria-expanded', String(isOpen));
    const label = chat.unread ? texts.openWithUnread(chat.unread) : isOpen ? texts.close : texts.open;
    launcher.setAttribute('aria-label', label);
    launcher.title = label;
    badge.textContent = chat.unread ? String(chat.unread) : '';
    badge.hidden = !chat.unread;
  }

  const openKey = `icmp.widget.${channel}.open`;

  function rememberOpen(value: boolean): void {
    try {
      if (value) sessionStorage.setItem(openKey, 'yes');
      else sessionStorage.removeItem(openKey);
    } catch {
      // Storage is blocked: after a reload, the chat is closed.
    }
  }

  function wasOpen(): boolean {
    try {
      return sessionStorage.getItem(openKey) !== null;
    } catch {
      return false;
    }
  }

  root.append(launcher);
  render();
  document.body.append(host);
  window.icmpWidget = {
    open: () => open(),
    close,
    identify: (value) => void chat.identify(value),
  };
  if (wasOpen()) open(false);
  window.dispatchEvent(new Event('icmp-widget-ready'));
}

const script = document.currentScript as HTMLScriptElement | null;
if (script && !window.icmpWidget) {
  if (document.body) start(script);
  else addEventListener('DOMContentLoaded', () => start(script));
}
