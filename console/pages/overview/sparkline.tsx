import 'uplot/dist/uPlot.min.css'
import { useMantineColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import type { ConnectionHealth } from '../../api/schema.js'

const HEIGHT = 36
const HIDDEN = { show: false }

/** Failures by hour as bars, without axes. What it shows stands beside it in words and in a table. */
export function Sparkline({ hours }: { readonly hours: ConnectionHealth['failuresByHour'] }) {
  const place = useRef<HTMLDivElement>(null)
  const { colorScheme } = useMantineColorScheme()
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are those of the scheme
  useEffect(() => {
    const element = place.current
    if (element === null) return
    const colour = getComputedStyle(element).color
    const bars = UPlot.paths.bars?.({ size: [0.7, 20] })
    const most = Math.max(1, ...hours.map(({ failures }) => failures))
    const plot = new UPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        padding: [2, 0, 0, 0],
        cursor: HIDDEN,
        legend: HIDDEN,
        axes: [HIDDEN, HIDDEN],
        scales: { x: { time: false }, y: { range: [0, most] } },
        series: [{}, { stroke: colour, fill: colour, points: HIDDEN, ...(bars === undefined ? {} : { paths: bars }) }],
      },
      [hours.map((_, index) => index), hours.map(({ failures }) => failures)],
      element,
    )
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    watch.observe(element)
    return () => {
      watch.disconnect()
      plot.destroy()
    }
  }, [hours, colorScheme])
  return (
    <div
      ref={place}
      aria-hidden
      style={{ height: HEIGHT, color: 'var(--bad)', borderBottom: '1px solid var(--line)', overflow: 'hidden' }}
    />
  )
}
