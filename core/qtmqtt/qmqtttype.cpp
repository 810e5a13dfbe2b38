#include "qmqtttype.h"

QDebug operator<<(QDebug debug, const QMqttStringPair &pair)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "QMqttStringPair(" << pair.name() << " : " << pair.value() << ')';
    return debug;
}
