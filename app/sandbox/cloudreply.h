#pragma once

#include <QJsonDocument>
#include <QJsonObject>

namespace cloudnode::sandbox {

/// An answer to a call, before it goes back the way the call came.
struct CloudReply {
    int status = 200; ///< as HTTP has it
    QJsonDocument body;
    QString instanceUuid = {}; ///< whom it was about; empty if nobody
    QString event = {};        ///< what has happened; empty: the operation's name says it
    QJsonObject told = {};     ///< what the event has besides what was sent
    bool breach = false;       ///< refused because nobody may ask that, after what was asked before

    /// {"message": text}
    static CloudReply refusal(int status, const QString &message, const QString &instanceUuid = {});
    /// A refusal that is a breach of the contract.
    static CloudReply breachOfContract(const QString &message);
};

} // namespace cloudnode::sandbox
