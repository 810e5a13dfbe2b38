#pragma once

#include <QString>

/// What neither Qt nor libmosquitto offers to do with a socket that they hold, by its descriptor.
namespace cloudnode::rawsocket {

/// No child process inherits it.
void keepFromChildren(int socket);
/// Another descriptor of the same connection, which no child inherits either. Negative if there can be none.
int duplicate(int socket);
/// Tells the other side that nothing more will come. What it sends is still received.
void endSending(int socket);
/// Drops what has arrived, without waiting for more. False once nothing more can come.
bool discard(int socket);
void close(int socket);

/// Has each TCP connection of this process to that port of another side send what it is given at once. Else
/// the end of what does not fill its packets waits until the other side's system, which is in no hurry, has
/// acknowledged the rest: 40 ms. For connections whose sockets somebody else holds and does not show.
void sendPromptly(quint16 peerPort);

/// What getaddrinfo() means by that number.
QString lookupError(int number);

} // namespace cloudnode::rawsocket
