import { Box, Stack, Typography } from '@mui/material';
import { actions as words } from '@/config/texts/actions';
import { texts } from '@/config/texts';
import { fieldName, fieldNameInText } from '@/lib/fieldNames';
import { humanize } from '@/lib/format';
import { formatConjunction, formatList } from '@/lib/intl';
import { MONOSPACE } from '@/theme/theme';
import type { Action } from './actionForm';

/** What the action is called: its name, or else what it does. */
export function actionName(action: Action): string {
  return action.name?.trim() || (texts.turn.actions.kinds[action.do] ?? action.do);
}

/** When the action runs and what else is special about it, in a few words. */
export function actionDetails({ when, confirm, on_failure }: Action): string {
  const known = when?.fields ?? [];
  const parts = [
    known.length
      ? words.ifKnown({ n: known.length, names: formatConjunction(known.map((name) => fieldNameInText(name))) })
      : null,
    when?.if ? words.underConditions : null,
    confirm ? words.asks : null,
    on_failure === 'hand_over' ? words.handsOver : null,
  ];
  return humanize(parts.filter(Boolean).join(' · '));
}

/** The actions of a stage, with their values and questions. */
export function ActionSummary({ actions }: { actions: readonly Action[] }) {
  return (
    <Box component="ol" aria-label={texts.stages.actions} sx={{ m: 0, pl: 2.75, display: 'grid', gap: 1.25 }}>
      {actions.map((action, index) => (
        // eslint-disable-next-line react/no-array-index-key -- actions have no ID
        <li key={index}>
          <Stack spacing={0.25}>
            <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
              {actionName(action)}
            </Typography>
            {valueLines(action).map(([name, value]) => (
              <Typography key={name} variant="body2" sx={{ overflowWrap: 'anywhere' }}>
                {name}:{' '}
                <Box component="code" sx={{ fontFamily: MONOSPACE, fontSize: '0.92em', color: 'primary.main' }}>
                  {value}
                </Box>
              </Typography>
            ))}
            {action.confirm && (
              <Typography variant="body2" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
                “{action.confirm}”
              </Typography>
            )}
            <Typography variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
              {actionDetails(action)}
            </Typography>
          </Stack>
        </li>
      ))}
    </Box>
  );
}

/** The values of an action that are texts; of a call only the request. */
function valueLines({ do: kind, with: values = {} }: Action): [string, string][] {
  if (kind === 'api_call') return [[String(values['method']), String(values['url'])]];
  return Object.entries(values).map(([name, value]) => [
    fieldName(name),
    Array.isArray(value) ? formatList(value) : typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}
