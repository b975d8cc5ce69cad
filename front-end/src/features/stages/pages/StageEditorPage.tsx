import { Alert } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from 'react-router';
import { Page } from '@/components/Page';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { useSession } from '@/lib/session';
import { stageQuery } from '../api/stages';
import { StageEditor } from '../components/StageEditor';

export default function StageEditorPage() {
  const { stageId = 'new' } = useParams();
  const { canEdit } = useSession();
  // The stage page shows the same information to users who cannot edit.
  if (!canEdit && stageId !== 'new') return <Navigate to={paths.stage(stageId)} replace />;
  if (!canEdit) {
    return (
      <Page title={texts.stages.editorNew} back={{ to: paths.stages, label: texts.stages.title }}>
        <Alert severity="info" role="note">
          {texts.common.readOnly}
        </Alert>
      </Page>
    );
  }
  return stageId === 'new' ? (
    <StageEditor key="new" loaded={null} />
  ) : (
    <ExistingStageEditor key={stageId} stageId={stageId} />
  );
}

function ExistingStageEditor({ stageId }: { stageId: string }) {
  // Loaded once: the form must not change while someone is typing.
  const stage = useQuery({ ...stageQuery(stageId), refetchOnWindowFocus: false });
  if (stage.data) return <StageEditor loaded={stage.data} />;
  return (
    <Page title={texts.stages.detail} back={{ to: paths.stages, label: texts.stages.title }}>
      <QueryView query={stage}>{() => null}</QueryView>
    </Page>
  );
}
