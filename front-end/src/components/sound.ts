/** Two short, soft tones. Browsers play them only after the user has clicked or typed on the page. */
export function playSound(): void {
  try {
    const context = new AudioContext();
    for (const [start, frequency] of [
      [0, 660],
      [0.14, 880],
    ] as const) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const at = context.currentTime + start;
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(0.12, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.32);
    }
    setTimeout(() => void context.close(), 1000);
  } catch {
    // The browser has no sound.
  }
}
