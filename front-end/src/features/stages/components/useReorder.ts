import { type KeyboardEvent, type PointerEvent, useEffect, useEffectEvent, useRef, useState } from 'react';

interface Options {
  ids: readonly string[];
  /** Called with the new index while an item is moved. */
  onMoved: (id: string, index: number) => void;
  /** Called when an item has been dropped at another place. Until the promise settles, the new order is shown. */
  onReordered: (ids: string[]) => Promise<unknown>;
}

/**
 * Reorders a list by dragging the handle of an item with a mouse, a pen or a finger, or with the arrow keys on it.
 *
 * The items are the children of the element with `listRef`.
 */
export function useReorder({ ids, onMoved, onReordered }: Options) {
  const listRef = useRef<HTMLUListElement>(null);
  const [moving, setMoving] = useState<readonly string[] | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const saving = useRef<readonly string[] | null>(null); // the order that was dropped last, until it is stored
  const order = moving ?? ids;

  const moveTo = (id: string, index: number): readonly string[] => {
    const at = Math.max(0, Math.min(ids.length - 1, index));
    if (order.indexOf(id) === at) return order;
    const next = order.filter((each) => each !== id);
    next.splice(at, 0, id);
    setMoving(next);
    onMoved(id, at);
    return next;
  };
  const drop = (next: readonly string[]) => {
    setDragged(null);
    if (next.join() === (saving.current ?? ids).join()) {
      if (!saving.current) setMoving(null);
      return;
    }
    saving.current = next;
    const reset = () => {
      // A later drop shows its own order.
      if (saving.current !== next) return;
      saving.current = null;
      setMoving(null);
    };
    onReordered([...next]).then(reset, reset);
  };
  const onPointerMove = useEffectEvent((event: globalThis.PointerEvent) => {
    if (dragged === null) return;
    const rows = [...(listRef.current?.children ?? [])].map((each) => each.getBoundingClientRect());
    const below = rows.findIndex((row) => event.clientY < row.bottom);
    moveTo(dragged, below < 0 ? rows.length - 1 : below);
  });
  const onPointerUp = useEffectEvent(() => drop(order));
  const onCancel = useEffectEvent(() => {
    setDragged(null);
    setMoving(saving.current);
  });
  // Events of the window, because an item that moves within the document loses its pointer.
  useEffect(() => {
    if (dragged === null) return;
    const move = (event: globalThis.PointerEvent) => onPointerMove(event);
    const up = () => onPointerUp();
    const cancel = () => onCancel();
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', cancel);
    return () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', cancel);
    };
  }, [dragged]);

  const handleProps = (id: string) => ({
    onPointerDown: (event: PointerEvent) => {
      if (event.button === 0) setDragged(id);
    },
    onKeyDown: (event: KeyboardEvent) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      drop(moveTo(id, order.indexOf(id) + by));
    },
  });
  return { order, dragged, listRef, handleProps };
}
