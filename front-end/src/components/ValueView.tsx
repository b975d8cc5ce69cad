import { Box, Typography } from '@mui/material';
import { texts } from '@/config/texts';
import { fieldName } from '@/lib/fieldNames';
import { isEmpty, isTimestamp, visibleEntries } from '@/lib/format';
import { Time } from './Time';

/** Shows a JSON value in readable form: one line per field, arrays as lists. */
export function ValueView({ value, label }: { value: unknown; label: string }) {
  return (
    <Box
      role="region"
      aria-label={label}
      sx={{ border: 1, borderColor: 'divider', borderRadius: 1, bgcolor: 'background.default', p: 1.5, minWidth: 0 }}
    >
      {isEmpty(value) ? (
        <Typography variant="body2" color="textSecondary">
          {texts.turn.emptyResult}
        </Typography>
      ) : (
        <Value value={value} />
      )}
    </Box>
  );
}

function Value({ value }: { value: unknown }) {
  if (Array.isArray(value)) {
    return (
      <Box component="ul" sx={{ m: 0, pl: 2.25 }}>
        {value.map((each: unknown, index) => (
          // eslint-disable-next-line react/no-array-index-key -- the items have no ID and keep their order
          <Box component="li" key={index} sx={{ '&::marker': { color: 'text.secondary' } }}>
            {isFlat(each) ? <Line value={each} /> : <Value value={each} />}
          </Box>
        ))}
      </Box>
    );
  }
  if (isPlain(value)) return <Text value={value} />;
  return (
    <Box component="dl" sx={{ m: 0, display: 'grid', gap: 0.75 }}>
      {visibleEntries(value as Record<string, unknown>).map(([name, each]) => (
        <Box
          key={name}
          sx={{
            display: 'grid',
            columnGap: 1.5,
            gridTemplateColumns: isPlain(each) ? { xs: 'minmax(0, 2fr) minmax(0, 3fr)' } : 'minmax(0, 1fr)',
          }}
        >
          <Typography component="dt" variant="body2" color="textSecondary" sx={{ overflowWrap: 'anywhere' }}>
            {texts.turn.outputFields[name] ?? fieldName(name)}
          </Typography>
          <Typography component="dd" variant="body2" sx={{ m: 0, pl: isPlain(each) ? 0 : 1.5, minWidth: 0 }}>
            <Value
              value={
                name === 'status' && typeof each === 'string' ? (texts.turn.retrievalStatuses[each] ?? each) : each
              }
            />
          </Typography>
        </Box>
      ))}
    </Box>
  );
}

function Text({ value }: { value: unknown }) {
  return (
    <Typography variant="body2" component="span" sx={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
      {typeof value === 'boolean' ? (
        value ? (
          texts.common.yes
        ) : (
          texts.common.no
        )
      ) : isTimestamp(value) ? (
        <Time iso={value} full />
      ) : (
        <bdi>{String(value)}</bdi>
      )}
    </Typography>
  );
}

/** A flat object, such as an order item, on one line. */
function Line({ value }: { value: Record<string, unknown> }) {
  return visibleEntries(value).map(([name, each], index) => (
    <Typography key={name} variant="body2" component="span">
      {index > 0 && ' · '}
      <Typography variant="body2" component="span" color="textSecondary">
        {fieldName(name)}
      </Typography>{' '}
      <Text value={each} />
    </Typography>
  ));
}

function isFlat(value: unknown): value is Record<string, unknown> {
  return !isPlain(value) && !Array.isArray(value) && Object.values(value as object).every(isPlain);
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
