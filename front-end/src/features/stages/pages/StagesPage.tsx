import { Button, Chip, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Page } from '@/components/Page';
import { RowList } from '@/components/RowList';
import { AddIcon } from '@/components/icons';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { extractionFieldsOf } from '@/lib/placeholderNames';
import { stagesQuery } from '@/lib/queries';
import { useSession } from '@/lib/session';

export default function StagesPage() {
  const stages = useQuery(stagesQuery());
  const { business, canEdit } = useSession();
  return (
    <Page
      title={texts.stages.title}
      description={texts.stages.description}
      actions={
        canEdit && (
          <Button variant="contained" startIcon={<AddIcon />} component={Link} to={paths.stageEditor('new')}>
            {texts.stages.new}
          </Button>
        )
      }
    >
      <QueryView query={stages}>
        {(rows) =>
          rows.length ? (
            <RowList
              label={texts.stages.title}
              rows={rows.map((stage, index) => {
                const isDefault = business.default_stage_id
                  ? business.default_stage_id === stage.stage_id
                  : index === 0;
                return {
                  key: stage.stage_id,
                  to: paths.stage(stage.stage_id),
                  title: stage.stage_name,
                  detail: stage.stage_description,
                  meta: (
                    <>
                      {extractionFieldsOf(stage).length > 0 && (
                        <Typography variant="caption" color="textSecondary">
                          {texts.stages.collects(
                            extractionFieldsOf(stage)
                              .map((each) => each.replaceAll('_', ' '))
                              .join(', '),
                          )}
                        </Typography>
                      )}
                      {isDefault && (
                        <Chip size="small" color="primary" variant="outlined" label={texts.stages.isDefault} />
                      )}
                      {!stage.is_active && <Chip size="small" variant="outlined" label={texts.common.inactive} />}
                    </>
                  ),
                };
              })}
            />
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
