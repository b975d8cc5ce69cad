/** The WebSocket over which the server says what has changed. One connection per tab, which reconnects when it breaks. */

export interface Frame {
  type: string;
  conversation_id?: string | null;
  turn_id?: string | null;
  user_id?: string | null;
  [name: string]: unknown;
}

/** `connected` from the server's `hello` until the connection breaks. */
export type LiveState = 'stopped' | 'connecting' | 'connected' | 'waiting';

interface Socket extends EventTarget {
  readonly readyState: number;
  send: (text: string) => void;
  close: () => void;
}

interface Environment {
  open: () => Socket;
  random: () => number;
}

const FIRST_WAIT = 500; // milliseconds before the first new attempt, at most
const MAX_WAIT = 30_000; // milliseconds between two attempts
const MAX_SILENCE = 60_000; // milliseconds without a frame, after which the connection counts as broken
const OPEN = 1; // WebSocket.OPEN

/** Half of the wait is random, so that the clients of a restarted server do not return at the same moment. */
export function waitBefore(attempt: number, random: () => number): number {
  return Math.min(MAX_WAIT, FIRST_WAIT * 2 ** attempt) * (0.5 + random() / 2);
}

export class LiveConnection {
  state: LiveState = 'stopped';
  private socket: Socket | null = null;
  private listening = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private attempts = 0;
  private readonly frameListeners = new Set<(frames: readonly Frame[]) => void>();
  private readonly stateListeners = new Set<() => void>();
  private readonly environment: Environment;

  constructor(environment: Partial<Environment> = {}) {
    this.environment = { open: () => new WebSocket(liveAddress()), random: Math.random, ...environment };
  }

  start(): void {
    this.connect();
  }

  stop(): void {
    this.disconnect();
    this.setState('stopped');
  }

  /** Connects without waiting for the next attempt: the browser is online again, or the tab is visible. */
  connectNow(): void {
    if (this.state === 'waiting') this.connect();
  }

  /** Sends a frame. While there is no connection, it is dropped. */
  send(frame: Frame): void {
    if (this.socket?.readyState === OPEN) this.socket.send(JSON.stringify(frame));
  }

  /** Calls the listener with each batch of frames. Returns a function that removes it. */
  onFrames(listener: (frames: readonly Frame[]) => void): () => void {
    this.frameListeners.add(listener);
    return () => this.frameListeners.delete(listener);
  }

  /** Calls the listener when the state changes, and after each failed attempt. */
  onState(listener: () => void): () => void {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  }

  private connect(): void {
    this.disconnect();
    this.setState('connecting');
    const socket = this.environment.open();
    this.socket = socket;
    this.listening = new AbortController();
    const { signal } = this.listening;
    socket.addEventListener('message', (event) => this.receive(framesOf((event as MessageEvent).data)), { signal });
    socket.addEventListener('close', () => this.retry(), { signal });
    this.expectFrame();
  }

  private disconnect(): void {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.listening.abort();
    this.socket?.close();
    this.socket = null;
  }

  private retry(): void {
    this.disconnect();
    this.timer = setTimeout(() => this.connect(), waitBefore(this.attempts, this.environment.random));
    this.attempts += 1;
    this.setState('waiting');
  }

  private receive(frames: readonly Frame[]): void {
    this.expectFrame();
    if (frames.some((each) => each.type === 'hello')) {
      this.attempts = 0;
      this.setState('connected');
    }
    if (frames.length) for (const listener of this.frameListeners) listener(frames);
  }

  private expectFrame(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.retry(), MAX_SILENCE);
  }

  private setState(state: LiveState): void {
    this.state = state;
    for (const listener of this.stateListeners) listener();
  }
}

/** The frames of a WebSocket message. Invalid ones are ignored, because frames are only hints. */
export function framesOf(data: unknown): Frame[] {
  try {
    const frames: unknown = JSON.parse(String(data));
    return Array.isArray(frames) ? frames.filter(isFrame) : [];
  } catch {
    return [];
  }
}

function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && typeof (value as Frame).type === 'string';
}

function liveAddress(): string {
  return `${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${window.location.host}/api/v1/live`;
}
