import { Alert } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { texts } from '@/config/texts';
import { formatList } from '@/lib/intl';
import { stagesQuery } from '@/lib/queries';
import { stageNamesUsing } from './templateUses';

/** Says which stages use a template, if there are several. On the page of a stage, only the others are named. */
export function SharedNote({ templateId, stageId }: { templateId: string; stageId?: string }) {
  const stages = useQuery(stagesQuery());
  const all = stageNamesUsing(stages.data ?? [], templateId);
  const named = stageNamesUsing(stages.data?.filter((each) => each.stage_id !== stageId) ?? [], templateId);
  if (all.length < 2 && !(stageId && named.length)) return null;
  return (
    <Alert severity="info" role="note">
      {stageId
        ? texts.templates.sharedWith({ names: formatList(named) })
        : texts.templates.sharedBy({ names: formatList(named) })}
    </Alert>
  );
}
