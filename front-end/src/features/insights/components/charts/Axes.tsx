import { HEIGHT, type Scales } from './layout';

interface Props {
  scales: Scales;
  labels: readonly string[];
  format: (value: number) => string;
}

const TEXT = { fontSize: 11, fill: 'var(--mui-palette-text-secondary)' } as const;

/** Lines at round values with their numbers, and the labels below the chart. */
export function Axes({ scales, labels, format }: Props) {
  const { left, right, y, ticks, isMirrored } = scales;
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={right} y1={y(tick)} y2={y(tick)} stroke="var(--mui-palette-divider)" />
          <text
            {...TEXT}
            x={isMirrored ? right + 6 : left - 6}
            y={y(tick)}
            dy="0.32em"
            // "start" and "end" depend on the direction of the text.
            textAnchor="end"
          >
            {format(tick)}
          </text>
        </g>
      ))}
      {labels.map(
        (label, index) =>
          scales.hasLabel(index) && (
            <text {...TEXT} key={label + String(index)} x={scales.centreOf(index)} y={HEIGHT - 6} textAnchor="middle">
              {label}
            </text>
          ),
      )}
    </g>
  );
}
