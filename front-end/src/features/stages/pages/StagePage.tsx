import { Alert } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { Page } from '@/components/Page';
import { loadWhenOpened } from '@/components/loadWhenOpened';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { stageQuery } from '@/lib/stages';
import { StageEditor } from '../components/StageEditor';

const StageView = loadWhenOpened(async () => (await import('../components/StageView')).StageView);

/** The page of a stage: its editor, or for users who cannot change it, what it contains. */
export default function StagePage() {
  const { stageId = 'new' } = useParams();
  const { canEdit } = useSession();
  if (stageId === 'new') return canEdit ? <StageEditor key="new" loaded={null} /> : <ReadOnlyPage />;
  return <ExistingStage key={stageId} stageId={stageId} />;
}

function ExistingStage({ stageId }: { stageId: string }) {
  const { canEdit } = useSession();
  const stage = useQuery({ ...stageQuery(stageId), refetchOnWindowFocus: !canEdit });
  if (canEdit && stage.data) return <StageEditor loaded={stage.data} />;
  const row = stage.data?.row;
  return (
    <Page
      title={row?.stage_name ?? texts.stages.detail}
      {...(row ? { description: row.stage_description } : {})}
      back={{ to: paths.stages, label: texts.stages.title }}
    >
      {row && <ReadOnlyNote />}
      <QueryView query={stage}>{(loaded) => <StageView stage={loaded.row} />}</QueryView>
    </Page>
  );
}

function ReadOnlyPage() {
  return (
    <Page title={texts.stages.editorNew} back={{ to: paths.stages, label: texts.stages.title }}>
      <ReadOnlyNote />
    </Page>
  );
}

function ReadOnlyNote() {
  return (
    <Alert severity="info" role="note">
      {texts.common.readOnly}
    </Alert>
  );
}
