import { Alert } from '@mui/material';
import { Page } from '@/components/Page';
import { texts } from '@/config/texts';
import { exportTexts } from '@/config/texts/exports';
import { useSession } from '@/lib/session';
import { DeletionCard } from '../components/DeletionCard';
import { ExportCard } from '../components/ExportCard';

export default function ExportPage() {
  const { me, business, canEdit } = useSession();
  return (
    <Page title={exportTexts.title} description={exportTexts.description}>
      {canEdit && me.kind === 'login' ? (
        <>
          <ExportCard />
          <DeletionCard business={business} />
        </>
      ) : (
        <Alert severity="info" role="note">
          {canEdit ? exportTexts.needsLogin : texts.common.readOnly}
        </Alert>
      )}
    </Page>
  );
}
