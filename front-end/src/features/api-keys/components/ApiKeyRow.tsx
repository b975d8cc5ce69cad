import { Box, Button, Chip, Stack, Typography } from '@mui/material';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { apiKeyTexts } from '@/config/texts/apiKeys';
import { useNow } from '@/lib/useNow';
import type { ApiKey } from '@/lib/types';
import { MONOSPACE } from '@/theme/theme';

interface Props {
  apiKey: ApiKey;
  onRotate: () => void;
  onRevoke: () => void;
}

export function ApiKeyRow({ apiKey, onRotate, onRevoke }: Props) {
  const name = nameOf(apiKey);
  const now = useNow(60_000);
  const isExpired = apiKey.expires_at !== null && Date.parse(apiKey.expires_at) <= now;
  return (
    <Stack
      component="li"
      direction={{ xs: 'column', sm: 'row' }}
      sx={{
        gap: 1,
        px: 2,
        py: 1.25,
        alignItems: { xs: 'flex-start', sm: 'center' },
        '& + &': { borderTop: 1, borderColor: 'divider' },
      }}
    >
      <Box sx={{ minWidth: 0, flexGrow: 1 }}>
        <Stack direction="row" useFlexGap sx={{ gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
          <Typography sx={{ fontWeight: 600, overflowWrap: 'anywhere' }}>{name}</Typography>
          <Chip size="small" label={apiKeyTexts.scopes[apiKey.scope]} />
          {isExpired && <Chip size="small" color="warning" label={apiKeyTexts.expired} />}
        </Stack>
        <Typography variant="body2" color="textSecondary">
          <Box component="bdi" sx={{ fontFamily: MONOSPACE }}>
            {apiKey.key_prefix}…
          </Box>{' '}
          · <TextWith text={apiKeyTexts.created} values={{ time: <Time iso={apiKey.created_at} full /> }} /> ·{' '}
          {apiKey.last_used_at ? (
            <TextWith text={apiKeyTexts.lastUsed} values={{ time: <Time iso={apiKey.last_used_at} full /> }} />
          ) : (
            apiKeyTexts.neverUsed
          )}
          {apiKey.expires_at && !isExpired && (
            <>
              {' '}
              · <TextWith text={apiKeyTexts.expiresOn} values={{ time: <Time iso={apiKey.expires_at} full /> }} />
            </>
          )}
        </Typography>
      </Box>
      <Stack direction="row" sx={{ flexShrink: 0 }}>
        {!isExpired && (
          <Button aria-label={apiKeyTexts.rotateName({ name })} onClick={onRotate}>
            {apiKeyTexts.rotate}
          </Button>
        )}
        <Button color="error" aria-label={apiKeyTexts.revokeName({ name })} onClick={onRevoke}>
          {apiKeyTexts.revoke}
        </Button>
      </Stack>
    </Stack>
  );
}

export function nameOf(apiKey: ApiKey): string {
  return apiKey.name ?? apiKeyTexts.unnamed;
}
