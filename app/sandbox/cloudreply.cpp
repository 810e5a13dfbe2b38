#include "sandbox/cloudreply.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

CloudReply CloudReply::refusal(int status, const QString &message, const QString &instanceUuid)
{
    return {.status = status,
            .body = QJsonDocument(QJsonObject{{u"message"_s, message}}),
            .instanceUuid = instanceUuid};
}

CloudReply CloudReply::breachOfContract(const QString &message)
{
    CloudReply reply = refusal(409, message);
    reply.breach = true;
    return reply;
}

} // namespace cloudnode::sandbox
