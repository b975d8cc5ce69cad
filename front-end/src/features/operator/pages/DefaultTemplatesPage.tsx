import { Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { RowList } from '@/components/RowList';
import { TextWith } from '@/components/TextWith';
import { Time } from '@/components/Time';
import { Empty, QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { operatorTexts } from '@/config/texts/operator';
import { useSession } from '@/lib/session';
import { defaultsQuery } from '../api/operator';
import { OperatorPage } from '../components/OperatorPage';

export default function DefaultTemplatesPage() {
  const { me } = useSession();
  const templates = useQuery({ ...defaultsQuery(), enabled: me.is_operator });
  return (
    <OperatorPage title={operatorTexts.templates} description={operatorTexts.templatesDescription}>
      <QueryView query={templates}>
        {(rows) =>
          rows.length ? (
            <RowList
              label={operatorTexts.templates}
              rows={rows.map((each) => ({
                key: each.template_id,
                to: paths.template(each.template_id),
                title: each.template_name,
                detail: texts.templates.types[each.template_type] ?? each.template_type,
                meta: (
                  <Typography variant="caption" color="textSecondary">
                    <TextWith text={operatorTexts.changed} values={{ time: <Time iso={each.updated_at} /> }} />
                  </Typography>
                ),
              }))}
            />
          ) : (
            <Empty title={operatorTexts.noTemplates} />
          )
        }
      </QueryView>
    </OperatorPage>
  );
}
