/** The chat window. */

import type { ChatView } from './chat';
import { CLOSE_ICON, SEND_ICON, h, icon } from './dom';
import { markup } from './markup';
import { AnswerRating, ConversationRating } from './ratings';
import type { Texts } from './texts';
import type { Entry } from './timeline';

const MAX_TEXT = 4_000;
const NEAR_END = 80; // pixels from the end of the conversation within which it follows new messages

export class Panel {
  readonly element: HTMLElement;
  private readonly title: HTMLElement;
  private readonly log: HTMLElement;
  private readonly earlier: HTMLButtonElement;
  private readonly intro: HTMLElement;
  private readonly list: HTMLOListElement;
  private readonly live: HTMLElement; // the answer while it is written, and who types
  private readonly notice: HTMLElement;
  private readonly spoken: HTMLElement;
  private readonly field: HTMLTextAreaElement;
  private readonly rows = new Map<string, { row: HTMLLIElement; shown: string; rating: AnswerRating | null }>();
  private readonly conversationRating: ConversationRating;
  private introShown = '';
  private noticeShown = '';

  constructor(
    private readonly chat: ChatView,
    private readonly texts: Texts,
    private readonly language: string,
    direction: 'rtl' | 'ltr',
    private readonly onClose: () => void,
  ) {
    this.title = h('h2', { id: 'title' });
    this.earlier = h('button', { type: 'button', class: 'link', click: () => void this.showEarlier() }, texts.earlier);
    this.intro = h('div', {});
    this.list = h('ol', {});
    this.live = h('div', { 'aria-hidden': 'true' });
    this.notice = h('p', { class: 'notice' });
    this.spoken = h('div', { class: 'only-read', role: 'status', 'aria-live': 'polite' });
    this.field = h('textarea', {
      rows: '1',
      maxlength: String(MAX_TEXT),
      placeholder: texts.placeholder,
      'aria-label': texts.message,
      dir: direction,
      enterkeyhint: 'send',
      // That of the text; the placeholder has the one of the widget.
      input: () => (this.field.dir = this.field.value ? 'auto' : direction),
      keydown: (event: KeyboardEvent) => {
        // Enter also ends the input of a composed character.
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.sendField();
      },
    });
    this.conversationRating = new ConversationRating(
      texts,
      (rating) => void chat.rateConversation(rating),
      (text) => this.say(text),
    );
    this.log = h(
      'div',
      { class: 'log', tabindex: '0', role: 'region', 'aria-label': texts.conversation },
      this.earlier,
      this.intro,
      this.list,
      this.live,
      this.conversationRating.element,
    );
    this.notice.hidden = true;
    const form = h(
      'form',
      { submit: (event: SubmitEvent) => (event.preventDefault(), this.sendField()) },
      this.field,
      h('button', { type: 'submit', class: 'send', 'aria-label': texts.send }, icon(SEND_ICON)),
    );
    const close = { type: 'button', 'aria-label': texts.close, click: () => this.onClose() };
    this.element = h(
      'section',
      {
        class: `panel ${direction}`,
        id: 'panel',
        role: 'dialog',
        'aria-labelledby': 'title',
        lang: language,
        dir: direction,
        keydown: (event: KeyboardEvent) => {
          if (event.key === 'Escape' && !event.isComposing) this.onClose();
        },
      },
      h('header', {}, this.title, h('button', close, icon(CLOSE_ICON))),
      this.log,
      this.notice,
      form,
      this.spoken,
    );
  }

  /** What the visitor has written and not sent. */
  get unsentText(): string {
    return this.field.value;
  }

  set unsentText(text: string) {
    this.field.value = text;
  }

  focus(): void {
    this.field.focus();
  }

  scrollToEnd(): void {
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** Lets screen readers read a message that has just arrived. */
  announce(entry: Entry): void {
    this.say(`${this.senderOf(entry)}: ${entry.text}`);
  }

  render(): void {
    const { chat } = this;
    const isAtEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
    this.title.textContent = chat.appearance?.name ?? '';
    this.earlier.hidden = !chat.hasEarlier;
    this.renderIntro();
    this.renderRows();
    this.renderLive();
    this.renderConversationRating();
    this.renderNotice();
    if (isAtEnd) this.scrollToEnd();
  }

  private sendField(): void {
    const text = this.field.value.trim();
    if (text) this.field.value = '';
    this.send(text);
  }

  private send(text: string): void {
    this.field.focus(); // a button that was chosen disappears
    if (!text) return;
    this.chat.send(text);
    this.scrollToEnd();
  }

  private async showEarlier(): Promise<void> {
    const height = this.log.scrollHeight;
    await this.chat.loadEarlier().catch(() => undefined); // the button stays
    this.log.scrollTop += this.log.scrollHeight - height;
    this.log.focus();
  }

  private renderIntro(): void {
    const { appearance, timeline } = this.chat;
    const starters = timeline.entries.length ? [] : (appearance?.starters ?? []);
    const greeting = this.chat.hasEarlier ? null : (appearance?.greeting ?? null);
    const shown = JSON.stringify([greeting, starters]);
    if (shown === this.introShown) return;
    this.introShown = shown;
    this.intro.replaceChildren();
    if (greeting) this.intro.append(h('p', { class: 'bubble', dir: 'auto' }, ...markup(greeting)));
    if (starters.length) this.intro.append(this.choices(starters));
  }

  private choices(texts: string[]): HTMLElement {
    return h(
      'div',
      { class: 'choices', role: 'group', 'aria-label': this.texts.starters },
      ...texts.map((text) => h('button', { type: 'button', dir: 'auto', click: () => this.send(text) }, text)),
    );
  }

  private renderRows(): void {
    const { entries } = this.chat.timeline;
    const known = new Set(entries.map((each) => each.key));
    for (const [key, { row }] of this.rows) {
      if (known.has(key)) continue;
      row.remove();
      this.rows.delete(key);
    }
    let before: Element | null = null;
    entries.forEach((entry, index) => {
      const previous = entries[index - 1];
      const hasName = entry.sender !== previous?.sender || entry.name !== previous.name;
      const buttons = index === entries.length - 1 ? entry.buttons : [];
      const shown = JSON.stringify([entry.text, entry.status, hasName && entry.name, hasName, buttons]);
      const current = this.rows.get(entry.key);
      const row = current?.row ?? h('li', { class: entry.sender });
      const rating = current?.rating ?? this.answerRating(entry);
      if (current?.shown !== shown) {
        row.replaceChildren(...this.contents(entry, hasName, buttons), ...(rating ? [rating.element] : []));
        this.rows.set(entry.key, { row, shown, rating });
      }
      rating?.show(entry);
      const place: Element | null = before ? before.nextElementSibling : this.list.firstElementChild;
      if (place !== row) this.list.insertBefore(row, place);
      before = row;
    });
  }

  private contents(entry: Entry, hasName: boolean, buttons: string[]): Node[] {
    const { texts } = this;
    const isOwn = entry.sender === 'customer';
    const name = h('span', { class: isOwn || !hasName ? 'only-read' : 'name', dir: 'auto' }, this.senderOf(entry));
    const nodes: Node[] = [name, h('div', { class: 'bubble', dir: 'auto' }, ...markup(entry.text))];
    if (entry.status === 'refused') {
      const retry = { type: 'button', click: () => this.chat.retry(entry.key) };
      nodes.push(h('p', { class: 'note' }, `${texts.notSent}. `, h('button', retry, texts.retry)));
    } else if (entry.status) {
      nodes.push(h('p', { class: 'note' }, entry.status === 'limited' ? texts.tooMany : texts.waiting));
    }
    if (buttons.length) nodes.push(this.choices(buttons));
    return nodes;
  }

  private answerRating(entry: Entry): AnswerRating | null {
    if (!entry.canRate || !this.chat.appearance?.ratings) return null;
    const rate = (rating: 'good' | 'bad', comment?: string) => void this.chat.rateAnswer(entry, rating, comment);
    return new AnswerRating(this.texts, rate, (text) => this.say(text));
  }

  private renderConversationRating(): void {
    const { activity, appearance, timeline } = this.chat;
    const { conversation_id: id, is_completed: isCompleted, rating } = activity.state;
    const isLatest = timeline.entries.at(-1)?.conversation === id;
    this.conversationRating.show(Boolean(appearance?.ratings) && isCompleted && isLatest, rating);
  }

  private senderOf(entry: Entry): string {
    if (entry.sender === 'customer') return this.texts.you;
    return entry.sender === 'assistant' ? this.texts.assistant : (entry.name ?? this.texts.team);
  }

  private renderLive(): void {
    const { draft, typist } = this.chat.activity;
    if (draft?.text) {
      const bubble = this.live.querySelector('.bubble');
      if (bubble) bubble.replaceChildren(...markup(draft.text));
      else this.live.replaceChildren(h('div', { class: 'bubble', dir: 'auto' }, ...markup(draft.text)));
      return;
    }
    if (!typist) {
      this.live.replaceChildren();
      return;
    }
    const who =
      typist === 'assistant' ? this.texts.assistantTyping : this.texts.personTyping(typist.person || this.texts.team);
    if (this.live.textContent === who) return;
    const dots = h('span', { class: 'dots' }, h('i'), h('i'), h('i'));
    this.live.replaceChildren(h('div', { class: 'typing' }, dots, who));
    this.say(who);
  }

  private renderNotice(): void {
    const text = this.noticeText();
    if (text === this.noticeShown) return;
    this.noticeShown = text;
    this.notice.textContent = text;
    this.notice.hidden = !text;
    if (text) this.say(text);
  }

  private noticeText(): string {
    const { activity, appearance, problem } = this.chat;
    const { isDelayed, state } = activity;
    if (problem === 'offline') return this.texts.offline;
    if (problem === 'connecting') return this.texts.connecting;
    if (problem === 'unavailable') return this.texts.unavailable;
    if (problem === 'not allowed') return this.texts.notAllowed;
    if (isDelayed) return this.texts.delayed;
    if (state.away_until) return appearance?.away_message ?? this.texts.away(this.timeOf(state.away_until));
    return state.with_person ? this.texts.withPerson : '';
  }

  private timeOf(moment: string): string {
    const format = { weekday: 'long', hour: 'numeric', minute: '2-digit' } as const;
    return new Intl.DateTimeFormat(this.language, format).format(new Date(moment));
  }

  private say(text: string): void {
    this.spoken.textContent = text;
  }
}
