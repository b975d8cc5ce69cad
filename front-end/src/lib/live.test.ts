import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Frame, LiveConnection, framesOf, waitBefore } from './live';
import { type Outdated, ReloadQueue, outdatedBy } from './liveQueries';

class FakeSocket extends EventTarget {
  readyState = 1;
  sent: string[] = [];
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
  }
  receive(...frames: Frame[]) {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frames) }));
  }
  break() {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

let sockets: FakeSocket[] = [];

function connection(): LiveConnection {
  const live = new LiveConnection({
    random: () => 1,
    open: () => {
      sockets.push(new FakeSocket());
      return sockets.at(-1) as FakeSocket;
    },
  });
  live.start();
  return live;
}

const last = () => sockets.at(-1) as FakeSocket;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
});
afterEach(() => vi.useRealTimers());

test('the wait grows, is partly random and has a maximum', () => {
  expect([0, 1, 2, 20].map((attempt) => waitBefore(attempt, () => 1))).toEqual([500, 1000, 2000, 30_000]);
  expect(waitBefore(1, () => 0)).toBe(500);
});

test('a broken connection is opened again, and sooner after a success', () => {
  const live = connection();
  last().break();
  expect(live.state).toBe('waiting');
  vi.advanceTimersByTime(500);
  last().break();
  vi.advanceTimersByTime(999);
  expect(sockets).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(sockets).toHaveLength(3);
  last().receive({ type: 'hello' });
  expect(live.state).toBe('connected');
  last().break();
  vi.advanceTimersByTime(500);
  expect(sockets).toHaveLength(4);
});

test('a connection counts as broken after a minute of silence', () => {
  const live = connection();
  last().receive({ type: 'hello' });
  vi.advanceTimersByTime(50_000);
  last().receive({ type: 'ping' });
  vi.advanceTimersByTime(50_000);
  expect(live.state).toBe('connected');
  vi.advanceTimersByTime(10_000);
  expect(live.state).toBe('waiting');
  expect(sockets[0]?.readyState).toBe(3);
});

test('a stopped connection stays closed', () => {
  const live = connection();
  live.stop();
  live.connectNow();
  vi.advanceTimersByTime(120_000);
  expect(sockets).toHaveLength(1);
});

test('frames reach the listeners and are sent while connected', () => {
  const live = connection();
  const received: Frame[] = [];
  live.onFrames((frames) => received.push(...frames));
  last().receive({ type: 'hello' }, { type: 'message.created', conversation_id: 'c' });
  expect(received.map((each) => each.type)).toEqual(['hello', 'message.created']);
  live.send({ type: 'typing', conversation_id: 'c' });
  expect(last().sent).toEqual(['{"type":"typing","conversation_id":"c"}']);
  last().break();
  live.send({ type: 'typing', conversation_id: 'c' });
  expect(last().sent).toHaveLength(1);
});

test('invalid frames are ignored', () => {
  expect(framesOf('no JSON')).toEqual([]);
  expect(framesOf('{"type": "hello"}')).toEqual([]);
  expect(framesOf('[1, {"kind": "x"}, {"type": "ping"}]')).toEqual([{ type: 'ping' }]);
});

test('a frame concerns the queries of its conversation', () => {
  const keys = (frame: Frame) => outdatedBy(frame).map((each) => each.queryKey);
  expect(keys({ type: 'message.created', conversation_id: 'c' })).toEqual([
    ['conversation', 'c', 'messages'],
    ['conversation', 'c'],
    ['conversations'],
  ]);
  expect(keys({ type: 'message.created', conversation_id: 'c', sender_type: 'assistant' })).toContainEqual([
    'conversation',
    'c',
    'scheduled',
  ]);
  expect(keys({ type: 'turn.step', conversation_id: 'c', turn_id: 't' })).toEqual([['turn', 't']]);
  // Whose conversations were deleted is not known, so the open one is read again too.
  expect(keys({ type: 'customer.deleted', user_id: 'u' })).toEqual([
    ['conversation'],
    ['conversations'],
    ['user'],
    ['users'],
  ]);
  expect(keys({ type: 'members.changed' })).toContainEqual(['assignees']);
  expect(keys({ type: 'call.recorded' })).toEqual([['llm-calls'], ['model-status']]);
  expect(keys({ type: 'typing', conversation_id: 'c' })).toEqual([]);
});

test('a query that becomes out of date while it loads is loaded once more', async () => {
  const loaded: Outdated[] = [];
  let finish = () => {};
  const queue = new ReloadQueue((each) => {
    loaded.push(each);
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  const lists = { queryKey: ['conversations'] };
  queue.add([lists, lists]);
  queue.add([lists]);
  queue.add([lists]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(loaded).toEqual([lists]);
  finish();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(loaded).toEqual([lists, lists]);
  finish();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(loaded).toHaveLength(2);
});

test('a query does not wait for the others', () => {
  const loaded: Outdated[] = [];
  const queue = new ReloadQueue((each) => {
    loaded.push(each);
    return new Promise(() => {});
  });
  queue.add([{ queryKey: ['conversations'] }]);
  queue.add([{ queryKey: ['turn', 't'] }]);
  expect(loaded).toHaveLength(2);
});
