import { Button } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Page } from '@/components/Page';
import { AddIcon } from '@/components/icons';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { StageList } from '../components/StageList';

export default function StagesPage() {
  const stages = useQuery(stagesQuery());
  const { canEdit } = useSession();
  return (
    <Page
      title={texts.stages.title}
      description={texts.stages.description}
      actions={
        <>
          {(stages.data?.length ?? 0) > 1 && (
            <Button component={Link} to={paths.stageMap}>
              {texts.stageMap.title}
            </Button>
          )}
          {canEdit && (
            <Button variant="contained" startIcon={<AddIcon />} component={Link} to={paths.stage('new')}>
              {texts.stages.new}
            </Button>
          )}
        </>
      }
    >
      <QueryView query={stages}>
        {(rows) =>
          rows.length ? (
            <StageList stages={rows} />
          ) : (
            <Empty title={texts.stages.empty} hint={canEdit ? texts.stages.emptyHint : texts.stages.emptyHintReadOnly}>
              {canEdit && (
                <Button variant="contained" component={Link} to={paths.welcome}>
                  {texts.stages.setUp}
                </Button>
              )}
            </Empty>
          )
        }
      </QueryView>
    </Page>
  );
}
