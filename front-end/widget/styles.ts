/** The styles of the widget, as a constructed sheet: a Content-Security-Policy does not need to allow styles for it. */

const CSS = `
:host {
  all: initial;
  position: fixed;
  inset: auto 0 0 auto;
  z-index: 2147483000;
  color-scheme: light;
  --color: #1f5fa8;
  --on-color: #fff;
  font: 16px/1.45 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  color: #1b1d21;
}
:host([data-position='left']) { inset: auto auto 0 0; }
* { box-sizing: border-box; font: inherit; }
button { cursor: pointer; border: 0; background: none; color: inherit; }
button:disabled { cursor: default; opacity: 0.5; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid #1b1d21; outline-offset: 2px; box-shadow: 0 0 0 2px #fff; }
svg { width: 24px; height: 24px; fill: currentColor; display: block; }
.only-read { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher {
  position: fixed; bottom: 20px; right: 20px; width: 56px; height: 56px; padding: 0; border-radius: 50%;
  display: grid; place-items: center; background: var(--color); color: var(--on-color);
  box-shadow: 0 4px 14px rgb(0 0 0 / 0.25); transition: transform 0.15s;
}
.launcher:hover { transform: scale(1.05); }
:host([data-position='left']) .launcher { right: auto; left: 20px; }
.unread {
  position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px;
  background: #c62828; color: #fff; font-size: 13px; font-weight: 600; line-height: 22px; text-align: center;
}

.panel {
  position: fixed; bottom: 88px; right: 20px; width: 380px; height: min(620px, calc(100dvh - 108px));
  display: flex; flex-direction: column; overflow: hidden; border-radius: 12px; background: #fff;
  box-shadow: 0 8px 32px rgb(0 0 0 / 0.25); animation: appear 0.15s ease-out;
}
:host([data-position='left']) .panel { right: auto; left: 20px; }
@keyframes appear { from { opacity: 0; transform: translateY(8px); } }
header {
  display: flex; align-items: center; gap: 8px; padding: 10px 8px 10px 16px; min-height: 56px;
  padding-inline: 16px 8px; background: var(--color); color: var(--on-color);
}
p { margin: 0; }
h2 { flex: 1; margin: 0; font-size: 17px; font-weight: 600; overflow-wrap: anywhere; }
header button { padding: 8px; border-radius: 8px; }
header button:focus-visible { outline-color: var(--on-color); box-shadow: none; outline-offset: -3px; }

.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 16px; display: flex; flex-direction: column; gap: 8px; }
.log:focus-visible { outline-offset: -3px; box-shadow: none; }
ol { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 8px; }
.log > :first-child { margin-top: auto; }
li { max-width: 85%; align-self: flex-start; }
li.customer { align-self: flex-end; }
.name { display: block; margin: 4px 4px 2px; font-size: 13px; color: #565b63; }
.bubble {
  padding: 8px 12px; border-radius: 12px; background: #eef0f3; white-space: pre-wrap; overflow-wrap: anywhere;
  width: fit-content;
}
li.customer .bubble { background: var(--color); color: var(--on-color); margin-inline-start: auto; }
.bubble strong { font-weight: 650; }
.bubble a { color: inherit; text-decoration: underline; }
.note { margin: 2px 4px; font-size: 13px; color: #565b63; text-align: end; }
.note button, .link { padding: 4px; text-decoration: underline; color: #1f4f87; font-size: 14px; border-radius: 4px; }
.link { align-self: center; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.choices button {
  padding: 8px 14px; border: 1px solid #6b7079; border-radius: 18px; background: #fff; color: #1b1d21; text-align: start;
}
.choices button:hover { background: #eef0f3; }
.typing { display: flex; align-items: center; gap: 8px; font-size: 14px; color: #565b63; }
.dots { display: flex; gap: 4px; }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: blink 1.2s infinite both; }
.dots i:nth-child(2) { animation-delay: 0.2s; }
.dots i:nth-child(3) { animation-delay: 0.4s; }
@keyframes blink { 0%, 80%, 100% { opacity: 0.25; } 40% { opacity: 1; } }
.rating { display: flex; gap: 2px; margin-top: 2px; }
.rating button { padding: 6px; border-radius: 8px; color: #6b7079; }
.rating button:hover { background: #eef0f3; }
.rating svg { width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linejoin: round; }
.rating button[aria-pressed='true'], .rating button.on { color: #1b1d21; }
.rating button[aria-pressed='true'] svg, .rating button.on svg { fill: currentColor; }
.why { padding: 4px 0; border: 0; gap: 4px; align-items: center; }
.why input { flex: 1; min-width: 0; padding: 6px 10px; border: 1px solid #6b7079; border-radius: 8px; background: #fff; color: inherit; }
.rate { padding: 12px; border: 1px solid #d9dce1; border-radius: 12px; text-align: center; }
.rate .rating { justify-content: center; }
.rate .rating svg { width: 26px; height: 26px; }
.notice { padding: 8px 16px; background: #fff4d6; color: #4a3a00; font-size: 14px; }

form { display: flex; align-items: flex-end; gap: 8px; padding: 12px; border-top: 1px solid #d9dce1; }
textarea {
  flex: 1; min-width: 0; min-height: 44px; max-height: 132px; padding: 9px 12px; resize: none; color: inherit;
  border: 1px solid #6b7079; border-radius: 10px; background: #fff; field-sizing: content;
}
textarea:focus-visible { outline: 2px solid var(--color); outline-offset: 0; box-shadow: none; }
textarea::placeholder { color: #5f646c; opacity: 1; }
.send { width: 44px; height: 44px; padding: 10px; border-radius: 10px; background: var(--color); color: var(--on-color); }
:dir(rtl) > .send svg, .rtl .send svg { transform: scaleX(-1); }

@media (max-width: 480px) {
  .panel, :host([data-position='left']) .panel { inset: 0; width: auto; height: 100dvh; border-radius: 0; }
  .panel:not([hidden]) ~ .launcher { display: none; }
}
@media (prefers-reduced-motion: reduce) {
  * { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .bubble, .launcher, .panel { border: 1px solid; }
}
`;

export function sheet(): CSSStyleSheet {
  const styles = new CSSStyleSheet();
  styles.replaceSync(CSS);
  return styles;
}

const COLOR = /^#[0-9a-f]{6}$/i;

/** The colour of text on a background: the one of black and white with the higher contrast. */
export function textColorOn(background: string): string {
  const channels = [1, 3, 5].map((at) => parseInt(background.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((each) =>
    each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4,
  );
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? '#000' : '#fff';
}

export function applyColor(host: HTMLElement, color: string | null): void {
  if (!color || !COLOR.test(color)) return;
  host.style.setProperty('--color', color);
  host.style.setProperty('--on-color', textColorOn(color));
}
