import { Box, Chip, Stack, Typography } from '@mui/material';
import { texts } from '@/config/texts';
import { fieldNameInText } from '@/lib/fieldNames';
import { humanize } from '@/lib/format';
import { formatList } from '@/lib/intl';
import { ValueView } from '../ValueView';
import { type ActionResult, actionLabel, causeText } from './actionTexts';

const words = texts.turn.actions;

const COLORS = { done: 'success', failed: 'error', waiting: 'warning', skipped: 'default' } as const;

/** What became of each action, with its values. */
export function ActionResults({ results, question }: { results: readonly ActionResult[]; question: unknown }) {
  return (
    <>
      <Box component="ol" aria-label={words.lines} sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
        {results.map((each) => (
          <Stack component="li" key={each.index} spacing={0.75}>
            <Stack direction="row" useFlexGap spacing={1} sx={{ alignItems: 'center', flexWrap: 'wrap' }}>
              <Typography variant="body2" sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>
                {each.index + 1}. <bdi>{actionLabel({ do: each.do, name: each.name ?? null })}</bdi>
              </Typography>
              <Chip
                size="small"
                variant="outlined"
                color={COLORS[each.status]}
                label={words.statuses[each.status] ?? each.status}
              />
            </Stack>
            {explanationsOf(each).map((line) => (
              <Typography key={line} variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
                {line}
              </Typography>
            ))}
            {Object.keys(each.values).length > 0 && (
              <ValueView label={words.values({ n: each.index + 1 })} value={each.values} />
            )}
            {each.call && <Part title={words.call} value={withoutRequest(each.call)} />}
            {each.data !== undefined && <Part title={words.response} value={each.data} />}
          </Stack>
        ))}
      </Box>
      {typeof question === 'string' && (
        <div>
          <Typography variant="overline" component="p">
            {words.question}
          </Typography>
          <Typography variant="body2" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            “<bdi>{question}</bdi>”
          </Typography>
        </div>
      )}
    </>
  );
}

function Part({ title, value }: { title: string; value: unknown }) {
  return (
    <div>
      <Typography variant="overline" component="p">
        {title}
      </Typography>
      <ValueView label={title} value={value} />
    </div>
  );
}

/** Why the action was not done, in sentences. */
function explanationsOf(result: ActionResult): string[] {
  return [
    result.message ?? humanize(causeText(result.cause)),
    result.missing?.length
      ? words.missing({ names: formatList(result.missing.map((name) => fieldNameInText(name))) })
      : '',
    result.status === 'failed' && result.hand_over ? words.handsOver : '',
  ].filter(Boolean);
}

/** The call without its request, which is shown as the values of the action. */
function withoutRequest(call: Record<string, unknown>): Record<string, unknown> {
  const { request: _, ...rest } = call;
  return rest;
}
