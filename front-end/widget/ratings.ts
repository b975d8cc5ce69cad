/** The buttons with which visitors rate an answer or a conversation. They stay the same elements, so focus is kept. */

import { BAD_ICON, GOOD_ICON, STAR_ICON, h, icon } from './dom';
import type { Texts } from './texts';
import type { Entry } from './timeline';

const MAX_COMMENT = 2_000;

export type Rating = 'good' | 'bad';

export class AnswerRating {
  readonly element: HTMLElement;
  private readonly buttons: Record<Rating, HTMLButtonElement>;
  private readonly form: HTMLFormElement;
  private readonly field: HTMLInputElement;

  constructor(
    texts: Texts,
    private readonly onRate: (rating: Rating, comment?: string) => void,
    private readonly say: (text: string) => void,
  ) {
    const button = (rating: Rating, label: string, shape: string) => {
      const press = () => this.press(rating, texts);
      return h('button', { type: 'button', 'aria-label': label, title: label, click: press }, icon(shape));
    };
    this.buttons = {
      good: button('good', texts.goodAnswer, GOOD_ICON),
      bad: button('bad', texts.badAnswer, BAD_ICON),
    };
    this.field = h('input', {
      type: 'text',
      maxlength: String(MAX_COMMENT),
      'aria-label': texts.whyBad,
      placeholder: texts.whyBad,
    });
    this.form = h(
      'form',
      { class: 'why', submit: (event: SubmitEvent) => (event.preventDefault(), this.comment(texts)) },
      this.field,
      h('button', { type: 'submit', class: 'link' }, texts.send),
    );
    this.form.hidden = true;
    this.element = h(
      'div',
      { role: 'group', 'aria-label': texts.rateAnswer },
      h('div', { class: 'rating' }, this.buttons.good, this.buttons.bad),
      this.form,
    );
  }

  show(entry: Entry): void {
    for (const [rating, button] of Object.entries(this.buttons)) {
      button.setAttribute('aria-pressed', String(entry.rating === rating));
    }
  }

  private press(rating: Rating, texts: Texts): void {
    this.onRate(rating);
    this.form.hidden = rating === 'good';
    if (rating === 'good') this.say(texts.thanks);
    else this.field.focus();
  }

  private comment(texts: Texts): void {
    const text = this.field.value.trim();
    if (text) this.onRate('bad', text);
    this.form.hidden = true;
    this.buttons.bad.focus();
    this.say(texts.thanks);
  }
}

export class ConversationRating {
  readonly element: HTMLElement;
  private readonly stars: HTMLButtonElement[];
  private readonly thanks: HTMLElement;

  constructor(texts: Texts, onRate: (rating: number) => void, say: (text: string) => void) {
    this.stars = [1, 2, 3, 4, 5].map((rating) => {
      const label = texts.stars(rating);
      const press = () => (onRate(rating), say(texts.thanks));
      return h('button', { type: 'button', 'aria-label': label, title: label, click: press }, icon(STAR_ICON));
    });
    this.thanks = h('p', {}, texts.thanks);
    this.element = h(
      'div',
      { class: 'rate', role: 'group', 'aria-labelledby': 'rate' },
      h('p', { id: 'rate' }, texts.rateConversation),
      h('div', { class: 'rating' }, ...this.stars),
      this.thanks,
    );
    this.element.hidden = true;
  }

  /** `isAsked` is whether the conversation has ended. */
  show(isAsked: boolean, rating: number | null): void {
    this.element.hidden = !isAsked;
    this.thanks.hidden = rating === null;
    this.stars.forEach((star, index) => {
      star.setAttribute('aria-pressed', String(rating === index + 1));
      star.classList.toggle('on', rating !== null && index < rating);
    });
  }
}
