import { Box } from '@mui/material';
import { Bar, LinePath } from '@visx/shape';
import { type KeyboardEvent, useState } from 'react';
import { ScreenReaderText } from '@/components/ScreenReaderText';
import { insightsTexts } from '@/config/texts/insights';
import { formatList } from '@/lib/intl';
import { Axes } from './Axes';
import { Legend } from './Legend';
import { HEIGHT, maxOf, scalesOf } from './layout';
import type { Point, Series } from './series';
import { useWidth } from './useWidth';

interface Props {
  label: string;
  points: readonly Point[];
  series: readonly Series[];
  /** Bars on top of each other, or lines. */
  kind: 'bars' | 'lines';
  /** The same values in the previous period, as a dashed line. */
  previous?: Series | undefined;
  format: (value: number) => string;
  /** Shown beside the chart, where there is little space. */
  formatTick?: (value: number) => string;
  /** Opens what is behind a point. */
  onOpen?: ((index: number) => void) | undefined;
}

/**
 * One or several series over the same points. The pointer and the arrow keys show the values of a point. The same values
 * are in the table of the chart's card.
 */
export function SeriesChart({ label, points, series, kind, previous, format, formatTick = format, onOpen }: Props) {
  const { ref, width } = useWidth();
  const [active, setActive] = useState<number | null>(null);
  const lines = kind === 'lines' ? series : [];
  const max = Math.max(
    maxOf(
      series.map((each) => each.values),
      kind === 'bars',
    ),
    maxOf(previous ? [previous.values] : [], false),
  );
  const scales = scalesOf(width, points.length, max);
  const { x, y, centreOf } = scales;
  const all = previous ? [...series, previous] : series;
  const marked = active ?? (points.length === 1 ? 0 : null); // a line through one point would not be visible

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Partial<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
    const step = (steps[event.key] ?? 0) * (scales.isMirrored ? -1 : 1);
    if (step) {
      event.preventDefault();
      setActive((last) => Math.min(points.length - 1, Math.max(0, last === null ? 0 : last + step)));
    } else if (event.key === 'Escape') setActive(null);
    else if (event.key === 'Enter' && active !== null) onOpen?.(active);
  };

  return (
    <Box>
      <Legend series={all} />
      <Box
        ref={ref}
        role="group"
        aria-label={insightsTexts.chartOf({ name: label })}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setActive(null)}
        onPointerLeave={() => setActive(null)}
        onPointerMove={(event) =>
          setActive(scales.indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left))
        }
        onClick={() => active !== null && onOpen?.(active)}
        sx={{
          position: 'relative',
          height: HEIGHT,
          borderRadius: 1,
          ...(onOpen ? { cursor: 'pointer' } : {}),
          '&:focus-visible': { outline: '2px solid', outlineColor: 'primary.main' },
        }}
      >
        {width > 0 && (
          <svg aria-hidden width={width} height={HEIGHT} style={{ display: 'block' }}>
            {active !== null && (
              <Bar
                x={centreOf(active) - x.step() / 2}
                y={y.range()[1] ?? 0}
                width={x.step()}
                height={y(0) - (y.range()[1] ?? 0)}
                fill="var(--mui-palette-action-hover)"
              />
            )}
            <Axes scales={scales} labels={points.map((each) => each.label)} format={formatTick} />
            {kind === 'bars' &&
              points.map((point, index) => {
                let below = 0;
                return series.map(({ name, colour, values }) => {
                  const value = values[index] ?? 0;
                  const bottom = below;
                  below += value;
                  return (
                    value > 0 && (
                      <Bar
                        key={`${point.title} ${name}`}
                        x={x(index) ?? 0}
                        y={y(below)}
                        width={x.bandwidth()}
                        height={y(bottom) - y(below)}
                        fill={colour}
                      />
                    )
                  );
                });
              })}
            {[...lines, ...(previous ? [previous] : [])].map((each) => (
              <LinePath
                key={each.name}
                data={each.values.slice(0, points.length)}
                x={(_, index) => centreOf(index)}
                y={(value) => y(value ?? 0)}
                defined={(value) => value !== null}
                stroke={each.colour}
                strokeWidth={2}
                strokeLinejoin="round"
                {...(each.isDashed ? { strokeDasharray: '5 4' } : {})}
              />
            ))}
            {marked !== null &&
              lines.map((each) => {
                const value = each.values[marked];
                return (
                  typeof value === 'number' && (
                    <circle key={each.name} cx={centreOf(marked)} cy={y(value)} r={3.5} fill={each.colour} />
                  )
                );
              })}
          </svg>
        )}
        {active !== null && points[active] && (
          <PointValues
            title={points[active].title}
            values={all.map(({ name, colour, values }) => {
              const value = values[active];
              return { name, colour, text: typeof value === 'number' ? format(value) : '–' };
            })}
            at={centreOf(active)}
            width={width}
          />
        )}
      </Box>
    </Box>
  );
}

interface PointValuesProps {
  title: string;
  values: readonly { name: string; colour: string; text: string }[];
  at: number;
  width: number;
}

/** The values of the point under the pointer, beside it. Screen readers read them when they change. */
function PointValues({ title, values, at, width }: PointValuesProps) {
  return (
    <>
      <ScreenReaderText role="status">
        {`${title}: ${formatList(values.map(({ name, text }) => `${name} ${text}`))}`}
      </ScreenReaderText>
      <Box
        aria-hidden
        style={at > width / 2 ? { right: width - at + 10 } : { left: at + 10 }}
        dir="auto"
        sx={{
          // The position is a number of pixels from the left, also where texts are written from right to left.
          position: 'absolute',
          top: 6,
          zIndex: 1,
          pointerEvents: 'none',
          maxWidth: 'min(260px, 60%)',
          px: 1.25,
          py: 0.75,
          borderRadius: 1,
          border: 1,
          borderColor: 'divider',
          bgcolor: 'background.paper',
          boxShadow: 2,
          fontSize: '0.8rem',
        }}
      >
        <Box sx={{ fontWeight: 650 }}>{title}</Box>
        {values.map(({ name, colour, text }) => (
          <Box key={name} sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}>
            <Box sx={{ width: 9, height: 9, borderRadius: '2px', flexShrink: 0 }} style={{ backgroundColor: colour }} />
            <Box sx={{ flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' }}>{name}</Box>
            <Box sx={{ fontWeight: 600, whiteSpace: 'nowrap' }}>{text}</Box>
          </Box>
        ))}
      </Box>
    </>
  );
}
