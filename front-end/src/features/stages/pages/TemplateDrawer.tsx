import { Box, Drawer, IconButton, Stack, Typography } from '@mui/material';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { CloseIcon } from '@/components/icons';
import { QueryView } from '@/components/states';
import { texts } from '@/config/texts';
import { templateQuery } from '../api/templates';
import { TemplateEditor } from '../components/TemplateEditor';

/** The template editor in a drawer over the chat or a conversation. The page below it keeps its state. */
export default function TemplateDrawer() {
  const { templateId = '', conversationId } = useParams();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const template = useQuery(templateQuery(templateId));
  const close = () => {
    const rest = new URLSearchParams(search);
    if (!conversationId) rest.delete('turn'); // in the chat it is only for the preview
    void navigate({ pathname: '..', search: rest.toString() });
  };
  return (
    <Drawer
      anchor="right"
      open
      onClose={close}
      slotProps={{
        paper: {
          role: 'dialog',
          'aria-modal': true,
          'aria-labelledby': 'drawer-title',
          sx: { width: { xs: '100%', md: 'min(1180px, 92vw)' } },
        },
      }}
    >
      <Stack
        direction="row"
        sx={{ alignItems: 'center', justifyContent: 'space-between', px: { xs: 2, md: 3 }, pt: 2 }}
      >
        <Typography variant="h2" id="drawer-title" sx={{ overflowWrap: 'anywhere', minWidth: 0 }}>
          {template.data?.row.template_name ?? texts.templates.editor}
        </Typography>
        <IconButton aria-label={texts.common.close} onClick={close} autoFocus>
          <CloseIcon />
        </IconButton>
      </Stack>
      <Box sx={{ px: { xs: 2, md: 3 }, pt: 2, bgcolor: 'background.default', flexGrow: 1 }}>
        <QueryView query={template}>{(loaded) => <TemplateEditor key={templateId} loaded={loaded} />}</QueryView>
      </Box>
    </Drawer>
  );
}
