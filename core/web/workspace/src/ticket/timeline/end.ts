/**
 * Holds a list at its end until the agent scrolls away from it, and again when they come back. What the list does by itself
 * (rows that are measured, pictures that come, rows that are new) is no scrolling of the agent.
 */
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

const AT_END_PX = 60;
/** How long after a wheel, a touch or a key what moves is moved by the agent. */
const INTENT_MS = 1200;

export function useEnd(box: RefObject<HTMLElement | null>, size: number) {
  const [atEnd, setAtEnd] = useState(true);
  const holds = useRef(true);
  const intent = useRef(0);
  const top = useRef(0);

  const settle = useCallback(() => {
    const element = box.current;
    if (!element || !holds.current) return;
    element.scrollTop = element.scrollHeight;
    top.current = element.scrollTop;
  }, [box]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another size is another end.
  useLayoutEffect(settle, [size]);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(settle);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, [box, settle]);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    const movedUp = element.scrollTop < top.current - 1;
    if (Date.now() - intent.current > INTENT_MS) settle();
    else if (left <= AT_END_PX) holds.current = true;
    else if (movedUp) holds.current = false;
    top.current = element.scrollTop;
    setAtEnd(holds.current);
  };
  const onIntent = () => {
    intent.current = Date.now();
  };
  const toEnd = () => {
    holds.current = true;
    setAtEnd(true);
    settle();
  };
  const listeners = {
    onScroll,
    onWheel: onIntent,
    onTouchMove: onIntent,
    onKeyDown: onIntent,
    onPointerDown: onIntent,
    onPointerMove: (event: { buttons: number }) => event.buttons && onIntent(),
  };
  return { atEnd, toEnd, listeners };
}
