#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace cloudnode {

/// Tells when the standard input has ended, which it does when whoever started us is gone. What comes
/// before that is read and dropped.
class EndOfInput final : public QObject {
    Q_OBJECT

public:
    explicit EndOfInput(QObject *parent = nullptr);

signals:
    void reached(); ///< once

private:
    void readAvailable();

    QSocketNotifier m_notifier;
};

} // namespace cloudnode
