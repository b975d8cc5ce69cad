import { Box, Button, IconButton, Paper, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Tooltip } from '@/components/Tooltip';
import { DeleteDialog } from '@/components/DeleteDialog';
import { Page } from '@/components/Page';
import { TextWithCode } from '@/components/TextWithCode';
import { AddIcon, CopyIcon, DeleteIcon, EditIcon } from '@/components/icons';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { useCopy } from '@/components/useCopy';
import { Empty, QueryView } from '@/components/states';
import { TextField } from '@/components/TextField';
import { texts } from '@/config/texts';
import { isolated } from '@/lib/format';
import { formatList } from '@/lib/intl';
import { variablesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import type { Variable } from '@/lib/types';
import { MONOSPACE } from '@/theme/theme';
import { useChangeVariables } from '@/lib/variables';

const VariableDialog = loadWhenOpened(async () => (await import('@/components/VariableDialog')).VariableDialog);

export default function VariablesPage() {
  const { canEdit } = useSession();
  const variables = useQuery(variablesQuery());
  const { remove } = useChangeVariables();
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<Variable | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Variable | null>(null);
  const text = search.trim().toLowerCase().replaceAll(/[{}]/g, '');
  const matches = (each: Variable) =>
    !text || [each.name, ...each.aliases, each.description].join('\n').toLowerCase().includes(text);
  return (
    <Page
      title={texts.variables.title}
      description={texts.variables.description}
      actions={
        canEdit && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setEditing('new')}>
            {texts.variables.new}
          </Button>
        )
      }
    >
      <QueryView query={variables}>
        {(rows) => {
          const own = rows.filter((each) => each.source === 'business');
          const builtIn = rows.filter((each) => each.source === 'built_in' && matches(each));
          const ownShown = own.filter(matches);
          return (
            <>
              <TextField
                label={texts.common.search}
                type="search"
                value={search}
                onChange={(event) => setSearch(event.target.value)}
                sx={{ maxWidth: { sm: 360 } }}
              />
              <Section
                title={texts.variables.own}
                hint={own.length ? texts.variables.ownHint : `${texts.variables.ownHint} ${texts.variables.ownEmpty}`}
              >
                {ownShown.map((each) => (
                  <Item
                    key={each.variable_id}
                    variable={each}
                    actions={
                      canEdit && (
                        <>
                          <IconButton
                            aria-label={texts.variables.edit({ name: each.name })}
                            onClick={() => setEditing(each)}
                          >
                            <EditIcon />
                          </IconButton>
                          <IconButton
                            aria-label={texts.variables.delete({ name: each.name })}
                            onClick={() => setDeleting(each)}
                          >
                            <DeleteIcon />
                          </IconButton>
                        </>
                      )
                    }
                  />
                ))}
              </Section>
              {builtIn.length ? (
                <Section title={texts.variables.builtIn}>
                  {builtIn.map((each) => (
                    <Item key={each.name} variable={each} />
                  ))}
                </Section>
              ) : (
                ownShown.length === 0 && <Empty title={texts.variables.noMatch} />
              )}
            </>
          );
        }}
      </QueryView>
      {editing && <VariableDialog variable={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      <DeleteDialog
        id={deleting?.variable_id ?? null}
        title={texts.variables.deleteTitle({ name: `{${deleting?.name ?? ''}}` })}
        hint={texts.variables.deleteHint}
        remove={remove}
        onClose={() => setDeleting(null)}
      />
    </Page>
  );
}

function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode[] }) {
  return (
    <Stack component="section" spacing={1} aria-label={title}>
      <Typography variant="h2">{title}</Typography>
      {hint && (
        <Typography variant="body2" color="textSecondary">
          {hint}
        </Typography>
      )}
      {children.length > 0 && (
        <Paper variant="outlined" component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
          {children}
        </Paper>
      )}
    </Stack>
  );
}

function Item({ variable, actions }: { variable: Variable; actions?: ReactNode }) {
  const copyText = useCopy();
  const copy = () => copyText(`{${variable.name}}`);
  return (
    <Box
      component="li"
      sx={{
        display: 'grid',
        gap: { xs: 0.5, sm: 2 },
        gridTemplateColumns: { xs: '1fr', sm: 'minmax(200px, 280px) minmax(0, 1fr) auto' },
        alignItems: 'start',
        px: 2,
        py: 1.25,
        '& + &': { borderTop: 1, borderColor: 'divider' },
      }}
    >
      <Stack direction="row" sx={{ alignItems: 'center', gap: 0.5, minWidth: 0 }}>
        <Typography
          component="code"
          sx={{ fontFamily: MONOSPACE, fontSize: '0.85rem', color: 'primary.main', overflowWrap: 'anywhere' }}
        >{`{${variable.name}}`}</Typography>
        <Tooltip title={texts.common.copy}>
          <IconButton size="small" aria-label={texts.variables.copyName({ name: `{${variable.name}}` })} onClick={copy}>
            <CopyIcon fontSize="inherit" />
          </IconButton>
        </Tooltip>
      </Stack>
      <Box sx={{ minWidth: 0 }}>
        <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
          <TextWithCode text={variable.description || (variable.source === 'business' ? '' : texts.common.unknown)} />
        </Typography>
        {variable.value !== null ? (
          <Typography
            variant="body2"
            color="textSecondary"
            sx={{ unicodeBidi: 'plaintext', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
          >
            {variable.value || texts.variables.noValue}
          </Typography>
        ) : (
          <Typography variant="caption" color="textSecondary" component="div" sx={{ overflowWrap: 'anywhere' }}>
            {[
              variable.example && `${texts.variables.example}: ${isolated(variable.example)}`,
              variable.aliases.length &&
                `${texts.variables.aliases}: ${formatList(variable.aliases.map((each) => `{${each}}`))}`,
              variable.fields.length &&
                `${texts.variables.fields}: ${formatList(variable.fields.map((each) => `{${variable.name}.${each}}`))}`,
            ]
              .filter(Boolean)
              .join(' · ')}
          </Typography>
        )}
      </Box>
      {actions && <Stack direction="row">{actions}</Stack>}
    </Box>
  );
}
