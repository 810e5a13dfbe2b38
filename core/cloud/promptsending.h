#pragma once

#include <QtGlobal>

namespace cloudnode {

/// Has each TCP connection of this process to that port of another side send what it is given at once. Else
/// the end of what does not fill its packets waits until the other side's system, which is in no hurry, has
/// acknowledged the rest: 40 ms. For connections whose sockets somebody else makes and does not show.
void sendPromptly(quint16 peerPort);

} // namespace cloudnode
