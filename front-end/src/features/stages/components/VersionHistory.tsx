import { Button, Chip, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Time } from '@/components/Time';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { versionsQuery } from '../api/templates';
import { DiffView } from '@/components/DiffView';
import type { Draft } from './templateDraft';

interface Props {
  templateId: string;
  draft: Draft;
  currentVersion: number;
  canRestore: boolean;
  onRestore: (version: number) => void;
}

/** The saved versions of a template, each compared with the text in the editor. */
export function VersionHistory({ templateId, draft, currentVersion, canRestore, onRestore }: Props) {
  const versions = useQuery(versionsQuery(templateId));
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <QueryView query={versions}>
      {(rows) => {
        const shown = rows.find((each) => each.version === chosen);
        return (
          <Stack spacing={2}>
            <Typography variant="body2" color="textSecondary">
              {texts.templates.versionsHint}
            </Typography>
            <Stack
              component="ul"
              spacing={0.5}
              sx={{ listStyle: 'none', m: 0, p: 0, maxHeight: 260, overflowY: 'auto' }}
            >
              {rows.map((each) => (
                <li key={each.version}>
                  <Button
                    fullWidth
                    size="small"
                    aria-pressed={each.version === chosen}
                    variant={each.version === chosen ? 'outlined' : 'text'}
                    onClick={() => setChosen(each.version === chosen ? null : each.version)}
                    sx={{ justifyContent: 'space-between', gap: 1 }}
                  >
                    <span>
                      {texts.common.version({ n: each.version })}
                      {each.version === currentVersion && (
                        <Chip size="small" component="span" label={texts.templates.current} sx={{ ml: 1 }} />
                      )}
                    </span>
                    <Typography component="span" variant="caption" color="textSecondary">
                      <Time iso={each.created_at} />
                    </Typography>
                  </Button>
                </li>
              ))}
            </Stack>
            {shown && (
              <>
                <Stack
                  direction="row"
                  useFlexGap
                  spacing={1}
                  sx={{ justifyContent: 'space-between', alignItems: 'center', flexWrap: 'wrap' }}
                >
                  <Typography variant="h3">{texts.templates.compare({ n: shown.version })}</Typography>
                  {canRestore && shown.version !== currentVersion && (
                    <Button size="small" variant="outlined" onClick={() => onRestore(shown.version)}>
                      {texts.templates.restore}
                    </Button>
                  )}
                </Stack>
                <Typography variant="overline" component="p">
                  {texts.templates.systemPrompt}
                </Typography>
                <DiffView
                  label={texts.templates.systemPrompt}
                  before={shown.system_prompt ?? ''}
                  after={draft.systemPrompt}
                />
                <Typography variant="overline" component="p">
                  {texts.templates.content}
                </Typography>
                <DiffView label={texts.templates.content} before={shown.content} after={draft.content} />
              </>
            )}
          </Stack>
        );
      }}
    </QueryView>
  );
}
