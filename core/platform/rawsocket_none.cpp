#include "platform/rawsocket.h"

namespace cloudnode::rawsocket {

void keepFromChildren(int /*socket*/) {}

int duplicate(int /*socket*/)
{
    return -1;
}

void endSending(int /*socket*/) {}

bool discard(int /*socket*/)
{
    return false;
}

void close(int /*socket*/) {}

void sendPromptly(quint16 /*peerPort*/) {}

QString lookupError(int number)
{
    return QStringLiteral("the name cannot be looked up (%1)").arg(number);
}

} // namespace cloudnode::rawsocket
