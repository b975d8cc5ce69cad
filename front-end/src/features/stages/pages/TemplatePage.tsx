import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { Page } from '@/components/Page';
import { QueryView } from '@/components/states';
import { paths } from '@/config/paths';
import { texts } from '@/config/texts';
import { templateQuery } from '../api/templates';
import { TemplateEditor } from '../components/TemplateEditor';

export default function TemplatePage() {
  const { templateId = '' } = useParams();
  const navigate = useNavigate();
  const template = useQuery(templateQuery(templateId));
  const row = template.data?.row;
  return (
    <Page
      title={row?.template_name ?? texts.templates.editor}
      {...(row ? { description: texts.templates.types[row.template_type] ?? row.template_type } : {})}
      back={{ to: paths.templates, label: texts.templates.title }}
    >
      <QueryView query={template}>
        {(loaded) => (
          <TemplateEditor key={templateId} loaded={loaded} onDeleted={() => void navigate(paths.templates)} />
        )}
      </QueryView>
    </Page>
  );
}
