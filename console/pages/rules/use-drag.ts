import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react'

export interface Drag {
  /** Index of the row that is being moved. */
  readonly from: number
  /** Where it would be, as an index of the list after the move. */
  readonly to: number
}

/**
 * Moving a row of a list by its handle, with mouse, pen or finger. Rows are the children of `list`. Whoever does not drag
 * has buttons (WCAG 2.5.7); Escape lets go without moving.
 */
export function useDrag(list: RefObject<HTMLElement | null>, onMove: (from: number, to: number) => void) {
  const [drag, setDrag] = useState<Drag>()
  // As they lie when the drag begins: rows that make way must not change where the others are.
  const middles = useRef<number[]>([])
  const isDragging = drag !== undefined
  useEffect(() => {
    if (!isDragging) return
    const letGo = (event: KeyboardEvent) => event.key === 'Escape' && setDrag(undefined)
    window.addEventListener('keydown', letGo)
    return () => window.removeEventListener('keydown', letGo)
  }, [isDragging])
  const handle = (index: number) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      middles.current = [...(list.current?.children ?? [])].map((row) => {
        const { top, height } = row.getBoundingClientRect()
        return top + height / 2 + window.scrollY
      })
      setDrag({ from: index, to: index })
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag?.from !== index) return
      const at = event.clientY + window.scrollY
      const to = middles.current.filter((middle, row) => row !== index && middle < at).length
      if (to !== drag.to) setDrag({ from: index, to })
    },
    onPointerUp: () => {
      if (drag?.from === index && drag.to !== index) onMove(index, drag.to)
      setDrag(undefined)
    },
    onPointerCancel: () => setDrag(undefined),
  })
  return { drag, handle }
}

/** On which side of a row the line is drawn that shows where a drag would end. */
export function dropLine(drag: Drag | undefined, index: number): 'before' | 'after' | undefined {
  if (drag === undefined || drag.to === drag.from || drag.to !== index) return undefined
  return drag.to < drag.from ? 'before' : 'after'
}
