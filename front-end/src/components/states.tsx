/** Loading, empty and error states, and the card that frames content. */

import { Alert, AlertTitle, Box, Button, CircularProgress, Paper, Stack, Typography } from '@mui/material';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { texts } from '@/config/texts';
import { type ApiError, asApiError } from '@/lib/errors';
import { useOnline } from '@/lib/useOnline';

export function Loading({ label = texts.common.loading }: { label?: string }) {
  return (
    <Box role="status" aria-label={label} sx={{ display: 'grid', placeItems: 'center', py: 8, flexGrow: 1 }}>
      <CircularProgress size={28} aria-hidden />
    </Box>
  );
}

interface EmptyProps {
  title: string;
  hint?: string;
  /** Whether the title is the heading of the page, because there is nothing else on it. */
  isPage?: boolean;
  children?: ReactNode;
}

export function Empty({ title, hint, isPage = false, children }: EmptyProps) {
  return (
    <Stack spacing={1} sx={{ alignItems: 'center', textAlign: 'center', py: { xs: 5, md: 8 }, px: 2 }}>
      <Typography variant="h2" component={isPage ? 'h1' : 'p'}>
        {title}
      </Typography>
      {hint && (
        <Typography color="textSecondary" sx={{ maxWidth: 460 }}>
          {hint}
        </Typography>
      )}
      {children && (
        <Stack direction="row" spacing={1} sx={{ pt: 1 }}>
          {children}
        </Stack>
      )}
    </Stack>
  );
}

/** The server's error message with its details and remediation, one line each. */
export function errorLines(error: ApiError): string[] {
  if (error.status === 0) return [texts.errors.unreachable];
  return [
    error.message,
    ...error.details.map((each) => `${each.path.replace(/^\$\.?/, '')}: ${each.message}`.replace(/^: /, '')),
    remediationOf(error),
  ].filter(Boolean);
}

/** What to do. For a missing row, the server's own text is about the API. */
function remediationOf(error: ApiError): string {
  if (error.retryAfter !== null) return texts.common.waitSeconds({ seconds: error.retryAfter });
  return error.status === 404 ? texts.errors.notFoundHint : error.remediation;
}

interface ErrorProps {
  error: unknown;
  title?: string;
  onRetry?: (() => void) | undefined;
  onClose?: () => void;
}

export function ErrorNotice({ error, title = texts.errors.actionFailed, onRetry, onClose }: ErrorProps) {
  const problem = asApiError(error);
  const isOffline = !useOnline() && problem.status === 0;
  return (
    <Alert
      severity="error"
      {...(onClose ? { onClose } : {})}
      action={
        onRetry && (
          <Button color="inherit" size="small" onClick={onRetry} sx={{ whiteSpace: 'nowrap' }}>
            {texts.common.retry}
          </Button>
        )
      }
    >
      <AlertTitle>{isOffline ? texts.errors.offlineTitle : title}</AlertTitle>
      {(isOffline ? [texts.errors.offlineHint] : errorLines(problem)).map((line) => (
        <Box key={line} sx={{ overflowWrap: 'anywhere' }}>
          {line}
        </Box>
      ))}
      {problem.requestId && problem.status >= 500 && (
        <Typography variant="caption" component="div">
          {texts.common.requestId({ id: problem.requestId })}
        </Typography>
      )}
    </Alert>
  );
}

/** Shows a query's data, or its loading or error state. Data already loaded stays visible if a later request fails. */
export function QueryView<Data>({
  query,
  children,
  title = texts.errors.title,
}: {
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
  title?: string;
}) {
  if (query.data === undefined) {
    if (query.error) return <ErrorNotice title={title} error={query.error} onRetry={() => void query.refetch()} />;
    return <Loading />;
  }
  return (
    <>
      {query.error && <ErrorNotice title={title} error={query.error} onRetry={() => void query.refetch()} />}
      {children(query.data)}
    </>
  );
}

export function Card({
  children,
  ...props
}: {
  children: ReactNode;
  component?: 'section' | 'div';
  'aria-label'?: string;
  'aria-labelledby'?: string;
}) {
  return (
    <Paper variant="outlined" sx={{ p: { xs: 2, md: 2.5 }, minWidth: 0 }} {...props}>
      {children}
    </Paper>
  );
}
