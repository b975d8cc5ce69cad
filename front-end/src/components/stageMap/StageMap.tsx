import { Box, ButtonBase, Link as MuiLink, Paper, Stack, Typography } from '@mui/material';
import { type ReactNode, useId, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { direction } from '@/config/language';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import type { Stage } from '@/lib/types';
import { MAX_ARC_WIDTH, type MapRow, ROW_HEIGHT, START, type Transition, arcsOf, rowsOfMap } from './arcs';

const MAX_LISTED = 50; // transitions, unless a stage is chosen

interface Props {
  stages: readonly Stage[];
  transitions: readonly Transition[];
  /** What the numbers are about, above the map. */
  caption: ReactNode;
  /** What is written beside a stage. The default is the number of its messages. */
  detailOf?: (row: MapRow) => string;
  /** Where the messages of a transition are listed, if they are. */
  addressOf?: (transition: Transition) => string;
}

/** How conversations move between stages: the stages in a column with arcs between them, and the same as a list. */
export function StageMap({ stages, transitions, caption, detailOf = messagesOf, addressOf }: Props) {
  const id = useId();
  const [chosen, setChosen] = useState<string | null>(null);
  const rows = useMemo(() => rowsOfMap(stages, transitions, texts.stageMap.start), [stages, transitions]);
  const arcs = useMemo(() => arcsOf(rows, transitions), [rows, transitions]);
  const isShown = (from: string, to: string) => chosen === null || chosen === from || chosen === to;
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2.5,
        alignItems: 'start',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1fr) minmax(0, 1fr)' },
      }}
    >
      <Stack spacing={1}>
        <Typography variant="body2" color="textSecondary">
          {caption}
        </Typography>
        <Paper variant="outlined" sx={{ display: 'flex', p: 1, minWidth: 0 }}>
          <Box
            component="ul"
            aria-label={texts.stages.title}
            sx={{ listStyle: 'none', m: 0, p: 0, flex: 1, minWidth: 0 }}
          >
            {rows.map((row) => (
              <Box component="li" key={row.id} sx={{ height: ROW_HEIGHT, py: 0.5 }}>
                <ButtonBase
                  aria-pressed={chosen === row.id}
                  onClick={() => setChosen((last) => (last === row.id ? null : row.id))}
                  sx={{
                    width: '100%',
                    height: '100%',
                    px: 1.5,
                    gap: 1,
                    justifyContent: 'space-between',
                    textAlign: 'left',
                    borderRadius: 1,
                    border: 1,
                    borderColor: chosen === row.id ? 'primary.main' : 'divider',
                    ...(row.id === START ? { borderStyle: 'dashed' } : {}),
                    '&:hover': { bgcolor: 'action.hover' },
                    '&.Mui-focusVisible': { outline: '2px solid', outlineColor: 'primary.main' },
                  }}
                >
                  <Typography variant="body2" noWrap sx={{ fontWeight: 600, minWidth: 0 }} title={row.name}>
                    {row.name}
                  </Typography>
                  <Typography variant="caption" color="textSecondary" noWrap sx={{ flexShrink: 0 }}>
                    {detailOf(row)}
                  </Typography>
                </ButtonBase>
              </Box>
            ))}
          </Box>
          {/* The list says the same as text. */}
          <Box
            component="svg"
            aria-hidden
            width={MAX_ARC_WIDTH}
            height={rows.length * ROW_HEIGHT}
            viewBox={`0 0 ${MAX_ARC_WIDTH} ${rows.length * ROW_HEIGHT}`}
            preserveAspectRatio="none" // on a phone, the arcs are narrower
            sx={{
              flexShrink: 0,
              width: { xs: 90, sm: MAX_ARC_WIDTH },
              color: 'primary.main',
              ...(direction === 'rtl' ? { transform: 'scaleX(-1)' } : {}),
            }}
          >
            <defs>
              <marker
                id={`${id}-arrow`}
                viewBox="0 0 10 10"
                refX="8"
                refY="5"
                markerUnits="userSpaceOnUse"
                markerWidth="10"
                markerHeight="10"
                orient="auto"
              >
                <path d="M 0 0 L 10 5 L 0 10 z" fill="currentColor" />
              </marker>
            </defs>
            {arcs.map((arc) => (
              <path
                key={`${arc.from}-${arc.to}`}
                d={arc.path}
                fill="none"
                stroke="currentColor"
                strokeWidth={arc.stroke}
                strokeOpacity={isShown(arc.from, arc.to) ? (chosen ? 0.85 : 0.5) : 0.08}
                markerEnd={`url(#${id}-arrow)`}
              />
            ))}
          </Box>
        </Paper>
      </Stack>
      <Transitions rows={rows} transitions={transitions} chosen={chosen} addressOf={addressOf} />
    </Box>
  );
}

function messagesOf(row: MapRow): string {
  return texts.stageMap.messages({ n: row.turns });
}

interface TransitionsProps {
  rows: readonly MapRow[];
  transitions: readonly Transition[];
  addressOf: Props['addressOf'];
  chosen: string | null;
}

/** The transitions as text, the most frequent first: all, or those from and to the chosen stage. */
function Transitions({ rows, transitions, addressOf, chosen }: TransitionsProps) {
  const names = new Map(rows.map((each) => [each.id, each.name]));
  const all = transitions.map((each) => ({ ...each, from: each.from_stage_id ?? START, to: each.to_stage_id }));
  const shown = all.filter((each) => chosen === null || each.from === chosen || each.to === chosen);
  const from = new Map<string, number>();
  for (const each of all) from.set(each.from, (from.get(each.from) ?? 0) + each.turns);
  return (
    <Stack spacing={1} component="section" aria-label={texts.stageMap.transitions}>
      <Stack direction="row" sx={{ justifyContent: 'space-between', alignItems: 'baseline', gap: 1 }}>
        <Typography variant="h2">
          {chosen ? texts.stageMap.transitionsOf({ name: names.get(chosen) ?? '' }) : texts.stageMap.transitions}
        </Typography>
        {chosen && chosen !== START && (
          <MuiLink component={Link} to={paths.stage(chosen)} variant="body2">
            {texts.stageMap.open}
          </MuiLink>
        )}
      </Stack>
      {shown.length === 0 && (
        <Typography variant="body2" color="textSecondary">
          {texts.stageMap.noTransitions}
        </Typography>
      )}
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {shown.slice(0, chosen ? undefined : MAX_LISTED).map((each) => (
          <Stack
            component="li"
            key={`${each.from}-${each.to}`}
            direction="row"
            sx={{ justifyContent: 'space-between', gap: 2, py: 0.75, borderBottom: 1, borderColor: 'divider' }}
          >
            <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
              {each.from === each.to
                ? texts.stageMap.stayed({ name: names.get(each.to) ?? texts.common.unknown })
                : texts.stageMap.moved({
                    from: names.get(each.from) ?? texts.common.unknown,
                    to: names.get(each.to) ?? texts.common.unknown,
                  })}
            </Typography>
            <Typography variant="body2" color="textSecondary" sx={{ whiteSpace: 'nowrap' }}>
              <TransitionShare
                text={texts.stageMap.share({ n: each.turns, share: each.turns / (from.get(each.from) ?? each.turns) })}
                to={addressOf?.(each)}
              />
            </Typography>
          </Stack>
        ))}
      </Box>
    </Stack>
  );
}

function TransitionShare({ text, to }: { text: string; to: string | undefined }) {
  return to ? (
    <MuiLink component={Link} to={to} color="inherit">
      {text}
    </MuiLink>
  ) : (
    text
  );
}
