import { useQuery } from '@tanstack/react-query';
import { Page } from '@/components/Page';
import { QueryView } from '@/components/states';
import { securityTexts } from '@/config/texts/security';
import { useSession } from '@/lib/session';
import { securityQuery } from '../api/security';
import { EmailSection } from '../components/EmailSection';
import { PasswordSection } from '../components/PasswordSection';
import { SessionsSection } from '../components/SessionsSection';
import { TotpSection } from '../components/TotpSection';

/** The signed-in user's own account. A business key only has sessions. */
export default function SecurityPage() {
  const { me } = useSession();
  const isUser = me.kind === 'login';
  return (
    <Page title={securityTexts.title} description={isUser ? securityTexts.description : securityTexts.descriptionOfKey}>
      {isUser && <AccountSections />}
      <SessionsSection />
    </Page>
  );
}

function AccountSections() {
  const security = useQuery(securityQuery());
  return (
    <QueryView query={security}>
      {(answer) => (
        <>
          <EmailSection email={answer.email} isVerified={answer.is_verified} />
          <PasswordSection />
          <TotpSection isEnabled={answer.has_totp} codesLeft={answer.recovery_codes} />
        </>
      )}
    </QueryView>
  );
}
