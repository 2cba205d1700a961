/** Labels that have to fit. Pure, so that it is tested without a browser. */

const ELLIPSIS = '…';

/** What a reader sees as one character, so that none is cut in two. */
function characters(text: string): string[] {
  if (typeof Intl !== 'undefined' && 'Segmenter' in Intl) {
    const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
    return Array.from(segmenter.segment(text), (part) => part.segment);
  }
  return Array.from(text);
}

/** Longest text that is looked at: a key of 64 KiB is cut before it is taken apart. */
const LOOKED_AT = 512;

/**
 * `text` in at most `room` characters, the middle left out: a path's beginning tells
 * the section, its end the page, so that the end gets the larger part.
 */
export function truncateMiddle(text: string, room: number): string {
  const cut =
    text.length > 2 * LOOKED_AT ? text.slice(0, LOOKED_AT) + text.slice(-LOOKED_AT) : text;
  const all = characters(cut);
  if (all.length <= room && cut === text) return text;
  if (room < 1) return '';
  const head = Math.floor((room - 1) * 0.4);
  const tail = room - 1 - head;
  return (
    all.slice(0, head).join('') + ELLIPSIS + (tail > 0 ? all.slice(-tail).join('') : '')
  );
}

/** Characters of a label's end that stay when it is cut for the room there is. */
const TAIL = 9;
const SHORT = 2 * TAIL;

/**
 * A label in two parts, for the style sheet to cut the first for any width: what ends
 * it stays to be seen. A label that is always short enough has no second part.
 */
export function headAndTail(text: string): [head: string, tail: string] {
  if (text.length <= SHORT) return [text, ''];
  const cut = text.length > 2 * LOOKED_AT ? truncateMiddle(text, LOOKED_AT) : text;
  const all = characters(cut);
  return [all.slice(0, -TAIL).join(''), all.slice(-TAIL).join('')];
}

/** As truncateMiddle, for a width in pixels by what `measure` says of a text. */
export function truncateToWidth(
  text: string,
  width: number,
  measure: (text: string) => number,
): string {
  if (text.length <= LOOKED_AT && measure(text) <= width) return text;
  let least = 1;
  let most = Math.min(text.length, LOOKED_AT);
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (measure(truncateMiddle(text, middle)) <= width) least = middle;
    else most = middle - 1;
  }
  return truncateMiddle(text, least);
}

let canvas: CanvasRenderingContext2D | null | undefined;

/** Widths in the font of an element, for truncateToWidth. */
export function measureIn(element: Element): (text: string) => number {
  canvas ??= document.createElement('canvas').getContext('2d');
  const context = canvas;
  if (!context) return (text) => text.length * 8;
  const font = getComputedStyle(element);
  const name = `${font.fontWeight} ${font.fontSize} ${font.fontFamily}`;
  return (text) => {
    context.font = name;
    return context.measureText(text).width;
  };
}
